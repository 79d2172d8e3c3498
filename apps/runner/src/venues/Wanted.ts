/**
 * What a venue entry asks for, as it is written: a channel, already checked against what the venue has, of a symbol that
 * may still be a pattern or another spelling. Each remembers where it stands, for messages.
 */
import { Capabilities, Channel, Instrument, Spelling, type Transport, type VenueAdapter } from "@tidewire/core"
import type { SubscriptionEntry } from "../configuration/Configuration.ts"
import { given, type Path, type Problem, problem } from "../configuration/Problem.ts"
import { oneOf } from "../configuration/schemaProblems.ts"

export interface Wanted {
  /** As it is written. */
  readonly symbol: string
  readonly isPattern: boolean
  readonly channel: Channel.Channel
  readonly transport: Transport.Transport
  readonly symbolPath: Path
  readonly channelPath: Path
}

export interface Expanded {
  readonly wanted: ReadonlyArray<Wanted>
  readonly problems: ReadonlyArray<Problem>
}

/**
 * Every symbol of every subscription with every channel; `capabilities` is undefined while the venue is not known.
 * `byDefault` is the transport of subscriptions that name none.
 */
export const expand = (
  subscriptions: ReadonlyArray<typeof SubscriptionEntry.Type>,
  capabilities: VenueAdapter.Capabilities | undefined,
  at: Path,
  byDefault: Transport.Transport = "websocket"
): Expanded => {
  const wanted: Array<Wanted> = []
  const problems: Array<Problem> = []
  for (const [index, { channels, symbols, transport: own }] of subscriptions.entries()) {
    const path = [...at, "subscriptions", index]
    const transport = own ?? byDefault
    if (transport === "hybrid" && capabilities?.fallsBack === false) {
      problems.push(problem([...(own === undefined ? at : path), "transport"], NO_FALLBACK))
    }
    const checked = channels.map((text, position) => {
      const channelPath = [...path, "channels", position]
      const channel = checkChannel(text, capabilities)
      const refusal = typeof channel === "string" ? checkTransport(channel, transport, capabilities) : channel.message
      if (refusal !== undefined) problems.push(problem(channelPath, refusal))
      return { channel, channelPath }
    })
    for (const [position, text] of symbols.entries()) {
      const symbolPath = [...path, "symbols", position]
      const symbol = text.trim()
      if (symbol === "" || /[\s,]/.test(symbol)) {
        problems.push(
          problem(symbolPath, `${given(text)} is no symbol; expected one symbol or a pattern such as "*USDT"`)
        )
        continue
      }
      for (const { channel, channelPath } of checked) {
        if (typeof channel === "string") {
          wanted.push({ symbol, isPattern: Instrument.isPattern(symbol), channel, transport, symbolPath, channelPath })
        }
      }
    }
  }
  return { wanted, problems }
}

const NO_FALLBACK = '"hybrid" is not what this adapter can do; expected "websocket" or "polling"'

/** Why a channel cannot be polled, where it would be. */
const checkTransport = (
  channel: Channel.Channel,
  transport: Transport.Transport,
  capabilities: VenueAdapter.Capabilities | undefined
): string | undefined => {
  if (transport !== "polling" || capabilities === undefined) return undefined
  const reason = Capabilities.unpollable(capabilities, channel)
  return reason === undefined ? undefined : `${given(channel)} cannot be polled: ${reason}; expected another transport`
}

const checkChannel = (
  text: string,
  capabilities: VenueAdapter.Capabilities | undefined
): Channel.Channel | { readonly message: string } => {
  const parsed = Channel.parse(text)
  if (parsed._tag === "Invalid") {
    const expected = parsed.expected
    return { message: `${given(text)} is no channel${hint(text, expected)}; expected ${oneOf(expected)}` }
  }
  if (capabilities === undefined) return parsed.channel
  const { channels, depths, intervals } = capabilities
  const kind = Channel.kind(parsed.channel)
  const no = (what: string, words: ReadonlyArray<string>) => ({
    message: `${given(text)}: this venue has no ${what}${Spelling.hint(text, words)}; expected ${oneOf(words)}`
  })
  if (!channels.includes(kind)) return no(`channel ${kind}`, channels)
  const interval = Channel.interval(parsed.channel)
  if (interval !== undefined && !intervals.includes(interval)) {
    return no(
      `interval ${interval}`,
      intervals.map((each) => `bars:${each}`)
    )
  }
  const depth = Channel.depth(parsed.channel)
  if (depth !== undefined && !depths.includes(depth)) {
    return no(`depth ${depth}`, ["book", ...depths.map((each) => `book:${each}`)])
  }
  return parsed.channel
}

/** The nearest spelling; a word with a parameter (`<depth>`) is compared with the parameter that was given. */
const hint = (text: string, expected: ReadonlyArray<string>): string => {
  const parameter = text.split(":")[1] ?? ""
  return Spelling.hint(
    text,
    expected.map((each) => each.replace(/<\w+>/, parameter))
  )
}
