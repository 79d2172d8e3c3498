/**
 * What an order costs inside this process with everything that is real: the desk with its risk over a live book, the journal in a
 * SQLite file, the adapter with its signatures, budgets and pacing, over sockets to a simulator in a process of its own. From
 * the call of `submit` until the frame is handed to the socket, or the request to the HTTP client; until `submit` has
 * returned; and until the bytes are handed to the system.
 *
 *     node bench/src/wire.ts [venue] [--rehearse-every "1 millis"] [--orders 300]
 *
 * Each order is cancelled before the next, which comes at the pace that the venue allows. `--rehearse-every 0` rehearses none.
 */
import { spawn } from "node:child_process"
import { once } from "node:events"
import { mkdtempSync, rmSync } from "node:fs"
import { Socket as NetSocket } from "node:net"
import { loadavg, tmpdir } from "node:os"
import { join } from "node:path"
import { createInterface } from "node:readline"
import { fileURLToPath } from "node:url"
import { parseArgs } from "node:util"
import { adapter as binance } from "@tidewire/adapter-binance"
import { adapter as bybit } from "@tidewire/adapter-bybit"
import {
  ConnectionOptions,
  DurationText,
  Instrument,
  MarketStream,
  Socket,
  type VenueAdapter,
  WsSocket
} from "@tidewire/core"
import { Desk, Limits } from "@tidewire/engine"
import { SqliteJournal } from "@tidewire/runner"
import { defaultAccount } from "@tidewire/simulator"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as FetchHttpClient from "effect/http/FetchHttpClient"
import * as HttpClient from "effect/http/HttpClient"
import * as Layer from "effect/Layer"
import * as Schema from "effect/Schema"
import * as Machine from "./machine.ts"

interface Market {
  readonly module: VenueAdapter.AdapterModule
  readonly venue: string
  readonly endpoints: (urls: Urls) => unknown
  /** Between orders, ms: what the venue's counts of orders and of messages allow, so that nothing waits for its turn. */
  readonly everyMs: number
  readonly orders: number
}

interface Urls {
  readonly url: string
  readonly wsUrl: string
}

const WARM_UP = 20

const {
  positionals: [only],
  values: options
} = parseArgs({
  allowPositionals: true,
  options: { "rehearse-every": { type: "string", default: "1 millis" }, orders: { type: "string" } }
})

const rehearsing = (text: string): Duration.Duration => {
  const every = text === "0" ? Duration.zero : DurationText.parse(text)
  if (every === undefined) throw new RangeError(`--rehearse-every ${text} is no duration`)
  return every
}

const load = (): string => loadavg()[0]!.toFixed(1)

const markets: ReadonlyArray<Market> = [
  {
    // over its WebSocket API
    module: binance as VenueAdapter.AdapterModule,
    venue: "binance",
    endpoints: ({ url, wsUrl }) => ({ stream: wsUrl, rest: url, api: wsUrl }),
    // five messages a second, and an order has up to three
    everyMs: 800,
    orders: 100
  },
  {
    // over REST
    module: binance as VenueAdapter.AdapterModule,
    venue: "binance-usdm",
    endpoints: ({ url, wsUrl }) => ({ stream: wsUrl, rest: url }),
    everyMs: 100,
    orders: 300
  },
  {
    // over its trade socket
    module: bybit as VenueAdapter.AdapterModule,
    venue: "bybit-linear",
    endpoints: ({ url, wsUrl }) => ({ stream: wsUrl, rest: url }),
    // half of the ten orders a second, so that none waits
    everyMs: 250,
    orders: 200
  }
]

/** When the last request to place an order was handed to the transport, and when its bytes were handed to the system. */
let handedAt = 0
let writtenAt = 0

const handed = (): void => {
  handedAt = performance.now()
}

/** Stamps each write of a TCP socket, just before the system is asked: the first one behind a request is the request. */
const watchWrites = (): void => {
  for (const name of ["_write", "_writev"] as const) {
    const write = NetSocket.prototype[name] as (...given: Array<unknown>) => void
    NetSocket.prototype[name] = function (this: NetSocket, ...given: Array<unknown>) {
      if (writtenAt < handedAt) writtenAt = performance.now()
      write.apply(this, given)
    }
  }
}

const isPlacing = (text: string): boolean => /newClientOrderId|order\.create|order\/create/.test(text)

const sockets = Layer.effect(
  Socket.SocketDriver,
  Effect.map(Socket.SocketDriver, ({ canPause, open }) => ({
    canPause,
    open: (url: string, handlers: Socket.SocketHandlers, options: Socket.OpenOptions) =>
      Effect.map(open(url, handlers, options), (socket) => ({
        ...socket,
        send: (text: string) => {
          if (isPlacing(text)) handed()
          socket.send(text)
        }
      }))
  }))
).pipe(Layer.provide(WsSocket.layer))

const http = Layer.effect(
  HttpClient.HttpClient,
  Effect.map(
    HttpClient.HttpClient,
    HttpClient.tapRequest((request) =>
      Effect.sync(() => {
        if (request.method === "POST" && isPlacing(request.url)) handed()
      })
    )
  )
).pipe(Layer.provide(FetchHttpClient.layer))

const limits: Limits.Limits = {
  ...Limits.defaults,
  maxNotional: "none",
  maxPosition: "none",
  maxOrdersPerSecond: 1_000,
  maxOrdersPerMinute: 100_000
}

/** Microseconds of each order: until it is handed over, until it is written, and until `submit` has returned. */
const measure = ({ endpoints, everyMs, module, orders: most, venue }: Market, urls: Urls, folder: string) =>
  Effect.gen(function* () {
    const { key: apiKey, secret: apiSecret } = defaultAccount
    const adapter = yield* module.make({
      venue,
      name: venue,
      environment: "mainnet",
      endpoints: endpoints(urls) as object,
      options: Schema.decodeUnknownSync(module.options)({ apiKey, apiSecret }),
      connection: ConnectionOptions.defaults
    })
    const index = new Instrument.InstrumentIndex(yield* adapter.instruments)
    const stream = yield* MarketStream.open(adapter, [{ symbol: "BTCUSDT", channel: "book" }])
    yield* Effect.forkScoped(stream.consume(() => undefined))
    const journal = yield* SqliteJournal.open(join(folder, `${venue}.sqlite`))
    const desk = yield* Desk.make({
      venues: [
        {
          venue,
          trading: adapter.trading!,
          instrument: (symbol) => {
            const found = index.find(symbol)
            return found._tag === "Found" ? found.instrument : undefined
          },
          symbols: () => ["BTCUSDT"],
          book: (symbol) => stream.feed.book(symbol)
        }
      ],
      journal,
      limits,
      rehearseEvery: rehearsing(options["rehearse-every"]),
      emit: () => undefined,
      tell: () => undefined
    })
    const isReady = () => desk.closed(venue) === undefined && stream.feed.book("BTCUSDT")?.state === "live"
    while (!isReady()) yield* Effect.sleep("5 millis")
    const view = stream.feed.book("BTCUSDT")!
    const took: Array<number> = []
    const written: Array<number> = []
    const returned: Array<number> = []
    const orders = Number(options.orders ?? most)
    for (let count = 0; count < WARM_UP + orders; count++) {
      const bid = view.state === "live" ? view.book.bestBid()![0] : 0
      const order = { venue, symbol: "BTCUSDT", side: "buy", kind: "limit", size: "0.001" } as const
      const before = performance.now()
      const told = desk.submit("bench", { ...order, price: String(Math.floor(bid * 0.99)), timeInForce: "postOnly" })
      const back = performance.now()
      if (told._tag === "Refused") return yield* Effect.die(new Error(told.refusal.message))
      while (handedAt < before || writtenAt < handedAt) yield* Effect.sleep("1 millis")
      if (count >= WARM_UP) {
        took.push((handedAt - before) * 1_000)
        written.push((writtenAt - before) * 1_000)
        returned.push((back - before) * 1_000)
      }
      const { clientOrderId } = told.order
      while (desk.order(clientOrderId)?.status === "sent") yield* Effect.sleep("1 millis")
      desk.cancel(clientOrderId)
      yield* Effect.sleep(everyMs)
    }
    return { took, written, returned }
  }).pipe(Effect.scoped, Effect.orDie)

const quantile = (sorted: ReadonlyArray<number>, share: number): string =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))]!.toFixed(1).padStart(8)

const row = (name: string, took: ReadonlyArray<number>): string => {
  const sorted = took.toSorted((left, right) => left - right)
  const most = sorted.at(-1)!.toFixed(1)
  return `${name.padEnd(28)} ${took.length} orders  p50 ${quantile(sorted, 0.5)}  p99 ${quantile(sorted, 0.99)}  max ${most.padStart(8)} µs\n`
}

const simulator = Effect.acquireRelease(
  Effect.promise(async () => {
    const bin = fileURLToPath(new URL("../../apps/runner/src/bin.ts", import.meta.url))
    const args = [bin, "sim", "--port", "0", "--symbols", "BTCUSDT", "--until-stdin-ends", "--log-level", "warn"]
    const child = spawn(process.execPath, args, { stdio: ["pipe", "pipe", "inherit"] })
    const [line] = (await once(createInterface({ input: child.stdout }), "line")) as [string]
    return { child, urls: JSON.parse(line) as Urls }
  }),
  ({ child }) => Effect.sync(() => child.kill())
)

const main = Effect.gen(function* () {
  const folder = mkdtempSync(join(tmpdir(), "tidewire-wire-"))
  yield* Effect.addFinalizer(() => Effect.sync(() => rmSync(folder, { recursive: true })))
  const { urls } = yield* simulator
  process.stdout.write(`${JSON.stringify(Machine.read())}\nsubmit to wire, SQLite journal, load ${load()}\n`)
  watchWrites()
  const chosen = markets.filter(({ venue }) => only === undefined || venue === only)
  if (chosen.length === 0) return yield* Effect.die(new Error(`there is no ${only} here`))
  for (const market of chosen) {
    const { returned, took, written } = yield* measure(market, urls, folder)
    const { venue } = market
    process.stdout.write(
      row(`${venue}, handed over`, took) + row(`${venue}, returned`, returned) + row(`${venue}, written`, written)
    )
  }
})

await Effect.runPromise(main.pipe(Effect.scoped, Effect.provide(Layer.mergeAll(sockets, http))))
process.exit()
