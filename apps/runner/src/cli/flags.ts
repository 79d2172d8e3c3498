/** What several commands take. */
import * as Argument from "effect/cli/Argument"
import * as Flag from "effect/cli/Flag"
import * as Option from "effect/Option"

export const config = Flag.String("config").pipe(
  Flag.withAlias("c"),
  Flag.withMetavar("<file>"),
  Flag.withDescription("Configuration: a .ts, .js, .yaml or .json file")
)

export const format = <const Formats extends ReadonlyArray<string>>(formats: Formats, description: string) =>
  Flag.Literals("format", formats).pipe(Flag.withDescription(description))

export const streamFlags = {
  duration: Flag.String("duration").pipe(
    Flag.withMetavar("<time>"),
    Flag.withDescription('Stop after this long, e.g. 30s or "10 minutes"'),
    Flag.optional
  ),
  limit: Flag.Int("limit").pipe(Flag.withDescription("Stop after this many market events"), Flag.optional),
  format: format(["ndjson", "table"], "One JSON object a line, or a live table (default on a terminal)").pipe(
    Flag.optional
  ),
  drain: Flag.String("drain").pipe(
    Flag.withMetavar("<time>"),
    Flag.withDescription("How long a stop may take to deliver what is queued"),
    Flag.withDefault("5s")
  ),
  startWithin: Flag.String("start-within").pipe(
    Flag.withMetavar("<time>"),
    Flag.withDescription("How long a start may take until a connection is Active"),
    Flag.withDefault("30s")
  )
}

export const recordFlags = {
  record: Flag.String("record").pipe(
    Flag.withMetavar("<folder>"),
    Flag.withDescription("Record all that comes from the venues into this new folder, for `tidewire replay`"),
    Flag.optional
  ),
  maxSize: Flag.String("max-size").pipe(
    Flag.withMetavar("<size>"),
    Flag.withDescription("How large the recording may become, e.g. 20GB; beyond it nothing more is recorded"),
    Flag.optional
  )
}

export const venueFlags = {
  adapter: Flag.String("adapter").pipe(
    Flag.withMetavar("<package or path>"),
    Flag.withDescription("The adapter to use, instead of the installed one that serves the venue"),
    Flag.optional
  ),
  environment: Flag.String("environment").pipe(
    Flag.withMetavar("<name>"),
    Flag.withDescription("The venue's environment, e.g. mainnet or testnet"),
    Flag.optional
  ),
  endpoint: Flag.KeyValuePair("endpoint").pipe(
    Flag.withMetavar("<key=url>"),
    Flag.withDescription("Replaces a base URL of the venue; may be given more than once"),
    Flag.withDefault({})
  )
}

export const sourceFlags = {
  ...venueFlags,
  isolation: Flag.Literals("isolation", ["symbol", "shared"]).pipe(
    Flag.withDescription("A connection for each symbol, or as few as possible"),
    Flag.optional
  ),
  transport: Flag.Literals("transport", ["websocket", "polling", "hybrid"]).pipe(
    Flag.withDescription("Over the venue's sockets, by polling its REST reads, or by polling while a socket is down"),
    Flag.optional
  )
}

export const what = Argument.String("what").pipe(
  Argument.withDescription("<venue>:<symbol>,<symbol>… (one or more), then the channels: trades,quotes,book,bars:1m…"),
  Argument.variadic()
)

export const signals =
  "SIGINT and SIGTERM drain and stop, a second one stops at once. SIGUSR2 (not on Windows) tries open circuits again at once and replaces every other connection, the new one before the old."

/** Absent flags are absent, not `Option`s. */
export const plain = <A>(option: Option.Option<A>): A | undefined => Option.getOrUndefined(option)
