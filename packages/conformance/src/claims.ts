/** What capabilities amount to: the channels to subscribe to, and those that must be refused. */
import {
  type Capabilities,
  type Channel,
  Channel as ChannelModule,
  Interval,
  type Order,
  type Trading
} from "@tidewire/core"

type Claims = Capabilities.Capabilities

/** The shortest interval that is claimed: its bars close soonest. */
export const shortest = ({ intervals }: Claims): Interval.Interval | undefined =>
  Interval.all.find((interval) => intervals.includes(interval))

/** One channel of every kind that is claimed; books without a depth. */
export const channels = (claims: Claims): ReadonlyArray<Channel.Channel> =>
  claims.channels.flatMap((kind) => {
    if (kind !== "bars") return [kind]
    const interval = shortest(claims)
    return interval === undefined ? [] : [`bars:${interval}` as const]
  })

/** Channels that are not claimed: of every absent kind one, and an interval and a depth that are absent. */
export const absent = (claims: Claims): ReadonlyArray<Channel.Channel> => {
  const interval = Interval.all.find((each) => !claims.intervals.includes(each))
  const kinds = ChannelModule.kinds.filter((kind) => !claims.channels.includes(kind))
  return [
    ...kinds.map((kind) => (kind === "bars" ? ("bars:1m" as const) : kind)),
    ...(interval === undefined || kinds.includes("bars") ? [] : [`bars:${interval}` as const]),
    ...(kinds.includes("book") ? [] : [`book:${Math.max(0, ...claims.depths) + 1}` as const])
  ]
}

/** Why a card about this kind of channel does not apply. */
export const without =
  (kind: Channel.Kind) =>
  ({ channels: claimed }: Claims): string | undefined =>
    claimed.includes(kind) ? undefined : `no channel ${kind} is claimed`

/** Why a card about this read of the past does not apply. */
export const withoutHistory =
  (read: keyof Claims["history"]) =>
  ({ history }: Claims): string | undefined =>
    history[read] === true ? undefined : `history.${read} is not claimed`

/** Why a card about the reads of what is now does not apply. */
export const withoutPresent = ({ present }: Claims): string | undefined =>
  Object.values(present).includes(true) ? undefined : "no read of what is now is claimed"

type Claimed = Trading.TradingCapabilities

/** Why a card about trading does not apply; by what is traded with, where something is. */
export const unlessTrading =
  (why: (trading: Claimed) => string | undefined = () => undefined) =>
  (_: Claims, trading: Claimed | undefined): string | undefined =>
    trading === undefined ? "it does not trade" : why(trading)

export const withoutKind = (kind: Order.Kind) =>
  unlessTrading(({ kinds }) => (kinds.includes(kind) ? undefined : `orders of kind ${kind} are not claimed`))

export const withoutTime = (time: Order.TimeInForce) =>
  unlessTrading(({ timesInForce }) => (timesInForce.includes(time) ? undefined : `${time} is not claimed`))
