/**
 * What the package's users load: any exchange of CCXT Pro, under the thin contract. CCXT dials and reads; core supervises.
 */
import {
  type Capabilities,
  Channel,
  Choice,
  ConnectionPlanner,
  DialBudget,
  Supervision,
  Subscription,
  type VenueAdapter,
  VenueError
} from "@tidewire/core"
import { Duration, Effect } from "effect"
import { capabilitiesOf } from "./capabilities.ts"
import { CcxtSession } from "./CcxtSession.ts"
import { ComparedBook } from "./ComparedBook.ts"
import { venueError } from "./errors.ts"
import { exchanges } from "./exchanges.ts"
import { historyOf } from "./history.ts"
import { instrumentsOf } from "./instruments.ts"
import { LatestStream } from "./LatestStream.ts"
import { presentOf } from "./present.ts"
import { isOption } from "./quirks.ts"
import { load } from "./library.ts"
import { Maker } from "./Maker.ts"
import * as trading from "./trading/trading.ts"
import { Given, type Hosts, Options, secrets } from "./settings.ts"

const environments = new Map([
  ["mainnet", false],
  ["testnet", true]
])

/**
 * CCXT tells no limits of sockets: what is asked of the strictest exchange that publishes its own suits all. One exchange
 * object for each kind of channel: CCXT keeps, on some exchanges, two kinds in one cache, where they spoil each other.
 */
const limits = {
  topicsPerConnection: 100,
  dials: { attempts: 250, window: Duration.minutes(5) }
}

export const adapter: VenueAdapter.AdapterModule<Hosts, Options> = {
  name: "@tidewire/adapter-ccxt-pro",
  venues: Object.keys(exchanges),
  environments: [...environments.keys()],
  endpoints: Given,
  options: Options,
  secrets,
  transport: "own",
  capabilities: capabilitiesOf,
  make: (settings) =>
    Effect.gen(function* () {
      const { connection, endpoints, environment, name, options, venue: id } = settings
      yield* Choice.of(settings, "venue", id, new Map(Object.entries(exchanges)))
      const isTest = yield* Choice.of(settings, "environment", environment, environments)
      const library = yield* load(name)
      const maker = yield* Effect.try({
        try: () => new Maker(library, { venue: name, id, isTest, endpoints, options }),
        catch: (cause) => (cause instanceof VenueError.VenueError ? cause : venueError(name, "make an exchange", cause))
      })
      yield* maker.keepTime
      const dials = endpoints.stream ?? id
      const made = make({ name, id, maker, connection, dials, bookDepth: options.bookDepth })
      const { orderEntry = "rest" } = options
      const account = yield* trading.make({ venue: name, maker, connection, orderEntry })
      return account === undefined ? made : { ...made, trading: account }
    })
}

const NO_AUDIT = "books are not audited here: CCXT does not say at which change a book was read"

export interface CcxtSetup {
  /** What events carry as `venue`. */
  readonly name: string
  readonly id: string
  readonly maker: Maker
  readonly connection: Supervision.FeedSetup["options"]
  readonly bookDepth: number | undefined
  /** What is dialled, as far as dials are counted together: the exchange, or what stands in its place. */
  readonly dials: string
}

/** The adapter over whatever makes the exchange objects. */
export const make = ({ bookDepth, connection, dials, id, maker, name }: CcxtSetup): VenueAdapter.VenueAdapter => {
  const capabilities = capabilitiesOf(id)
  const history = historyOf(name, maker, capabilities)
  const present = presentOf({ venue: name, id, maker, bookDepth }, capabilities)
  const reads = { ...(history !== undefined && { history }), ...(present !== undefined && { present }) }
  const { audit, isolation, redundancy } = connection
  const layOut: Supervision.FeedSetup["layOut"] = (subscriptions, before) => {
    const carried = Subscription.distinct(subscriptions).map((subscription) => ({
      subscription,
      topic: { name: Subscription.key(subscription), route: Channel.kind(subscription.channel) }
    }))
    const options = { isolation, limits, routes: capabilities.channels, socketsPerConnection: redundancy }
    const plan = ConnectionPlanner.plan(carried, options, before)
    const isInVain = audit !== undefined && carried.some(({ topic }) => topic.route === "book")
    return isInVain ? { ...plan, notes: [...plan.notes, NO_AUDIT] } : plan
  }
  return {
    venue: name,
    capabilities,
    ...reads,
    instruments: Effect.map(maker.reload, (exchange) => instrumentsOf(name, exchange)),
    plan: (subscriptions) => {
      const { connections, notes } = layOut(subscriptions)
      return {
        notes,
        connections: connections.flatMap((each) =>
          Supervision.namesOf(each.name, redundancy).map((socket) => ({
            name: socket,
            url: `ccxt:${id}/${each.route}`,
            subscriptions: each.carried.map(({ subscription }) => subscription)
          }))
        )
      }
    },
    open: (subscriptions, emit) =>
      Supervision.open(
        {
          venue: { name, capabilities, ...reads },
          options: connection,
          layOut,
          dials: () =>
            DialBudget.shared(`ccxt:${dials}`, {
              attempts: limits.dials.attempts,
              windowMs: Duration.toMillis(limits.dials.window)
            }),
          session: (owner) => new CcxtSession(owner, { venue: name, bookDepth, exchange: maker.session }),
          stream: (setup) => streamOf(setup, capabilities)
        },
        subscriptions,
        emit
      )
  }
}

const streamOf = (
  setup: Supervision.StreamSetup,
  { consecutiveTradeIds, history }: Capabilities.Capabilities
): Supervision.ChannelStream => {
  const { subscription } = setup
  switch (Channel.kind(subscription.channel)) {
    case "trades": {
      if (consecutiveTradeIds && !isOption(subscription.symbol)) return new Supervision.EventStream(setup)
      const plain = { ...setup, consecutiveTradeIds: false }
      return history.recentTrades ? new Supervision.RecalledStream(plain) : new Supervision.EventStream(plain)
    }
    case "book":
      return new ComparedBook(setup)
    case "quotes":
    case "ticker":
    case "mark":
      return new LatestStream(setup)
    default:
      return new Supervision.EventStream(setup)
  }
}
