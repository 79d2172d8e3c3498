/**
 * The command line: what each command takes and says about itself. What a command does is loaded when it is called, so
 * that asking for help is quick.
 */
import * as NodeServices from "@effect/platform-node/NodeServices"
import * as Argument from "effect/cli/Argument"
import * as CliConfig from "effect/cli/CliConfig"
import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import * as GlobalFlag from "effect/cli/GlobalFlag"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import type * as Operate from "./commands/operate.ts"
import * as Exit from "./process/exit.ts"
import * as Logging from "./process/logging.ts"
import * as Presenter from "./process/presenter.ts"
import { version } from "./process/version.ts"

const config = Flag.String("config").pipe(
  Flag.withAlias("c"),
  Flag.withMetavar("<file>"),
  Flag.withDescription("Configuration: a .ts, .js, .yaml or .json file")
)

const format = <const Formats extends ReadonlyArray<string>>(formats: Formats, description: string) =>
  Flag.Literals("format", formats).pipe(Flag.withDescription(description))

const streamFlags = {
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

const recordFlags = {
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

const venueFlags = {
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

const sourceFlags = {
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

const what = Argument.String("what").pipe(
  Argument.withDescription("<venue>:<symbol>,<symbol>… (one or more), then the channels: trades,quotes,book,bars:1m…"),
  Argument.variadic()
)

const signals =
  "SIGINT and SIGTERM drain and stop, a second one stops at once. SIGUSR2 (not on Windows) tries open circuits again at once and replaces every other connection, the new one before the old."

/** Absent flags are absent, not `Option`s. */
const plain = <A>(option: Option.Option<A>): A | undefined => Option.getOrUndefined(option)

const live = Flag.Boolean("live").pipe(
  Flag.withDescription('Trade with real money; the engine of the configuration must say mode "live" as well'),
  Flag.withDefault(false)
)

const run = Command.make("run", { config: config.pipe(Flag.optional), live, ...streamFlags, ...recordFlags }, (flags) =>
  Effect.flatMap(
    Effect.promise(() => import("./commands/run.ts")),
    ({ run }) =>
      run({
        ...flags,
        config: plain(flags.config),
        duration: plain(flags.duration),
        limit: plain(flags.limit),
        format: plain(flags.format),
        record: plain(flags.record),
        maxSize: plain(flags.maxSize)
      })
  )
).pipe(
  Command.withDescription(
    `Run a configuration; without one, the demo: a simulated exchange in a process of its own, streamed over real sockets. ${signals}`
  ),
  Command.withShortDescription("Run a configuration, or the demo"),
  Command.withExamples([
    { command: "tidewire run", description: "The demo" },
    { command: "tidewire run --duration 10s | head -20", description: "Ten seconds of it, as JSON lines" },
    { command: "tidewire run --config tidewire.yaml", description: "Your own configuration" }
  ])
)

const stream = Command.make(
  "stream",
  {
    what,
    config: config.pipe(Flag.optional),
    ...streamFlags,
    ...recordFlags,
    ...sourceFlags
  },
  (flags) =>
    Effect.flatMap(
      Effect.promise(() => import("./commands/stream.ts")),
      ({ stream }) =>
        stream({
          ...flags,
          config: plain(flags.config),
          duration: plain(flags.duration),
          limit: plain(flags.limit),
          format: plain(flags.format),
          adapter: plain(flags.adapter),
          environment: plain(flags.environment),
          isolation: plain(flags.isolation),
          transport: plain(flags.transport),
          record: plain(flags.record),
          maxSize: plain(flags.maxSize)
        })
    )
).pipe(
  Command.withDescription(`Stream market data to standard output. ${signals}`),
  Command.withShortDescription("Stream market data to standard output"),
  Command.withExamples([
    { command: "tidewire stream --config tidewire.yaml", description: "What a configuration asks for" },
    { command: "tidewire stream <venue>:BTCUSDT,ETHUSDT trades,book", description: "Without a file" },
    {
      command: "tidewire stream <venue>:BTCUSDT trades --endpoint stream=ws://127.0.0.1:9443 --limit 10",
      description: "Ten trades from a simulator"
    }
  ])
)

const record = Command.make(
  "record",
  {
    what,
    config: config.pipe(Flag.optional),
    out: Flag.String("out").pipe(
      Flag.withMetavar("<folder>"),
      Flag.withDescription("A new folder for the recording; nothing is ever overwritten")
    ),
    duration: streamFlags.duration,
    drain: streamFlags.drain,
    startWithin: streamFlags.startWithin,
    maxSize: recordFlags.maxSize,
    ...sourceFlags
  },
  (flags) =>
    Effect.flatMap(
      Effect.promise(() => import("./commands/record.ts")),
      ({ record }) =>
        record({
          ...flags,
          config: plain(flags.config),
          duration: plain(flags.duration),
          maxSize: plain(flags.maxSize),
          adapter: plain(flags.adapter),
          environment: plain(flags.environment),
          isolation: plain(flags.isolation),
          transport: plain(flags.transport)
        })
    )
).pipe(
  Command.withDescription(
    `Record what venues send, as it comes, for \`tidewire replay\`. Market data only: nothing of an account, and no credentials. ${signals}`
  ),
  Command.withShortDescription("Record what venues send, for `tidewire replay`"),
  Command.withExamples([
    { command: "tidewire record --config tidewire.yaml --out monday", description: "What a configuration subscribes" },
    {
      command: "tidewire record <venue>:BTCUSDT trades,book --out btc --duration 1h --max-size 2GB",
      description: "An hour of one symbol"
    }
  ])
)

const replay = Command.make(
  "replay",
  {
    recording: Argument.String("recording").pipe(
      Argument.withDescription("The folder of a recording, or one of its files")
    ),
    config: config.pipe(Flag.optional),
    venue: Flag.String("venue").pipe(
      Flag.withMetavar("<name,name>"),
      Flag.withDescription("These venues of the recording only"),
      Flag.optional
    ),
    from: Flag.String("from").pipe(
      Flag.withMetavar("<time>"),
      Flag.withDescription(
        'Print from here on: a time such as 2026-01-31T12:00:00Z, or so long after the start ("90s")'
      ),
      Flag.optional
    ),
    to: Flag.String("to").pipe(Flag.withMetavar("<time>"), Flag.withDescription("Stop here: as --from"), Flag.optional),
    speed: Flag.String("speed").pipe(
      Flag.withMetavar("<max or number>"),
      Flag.withDescription("How many times as fast as it was: max, 1, 10 …"),
      Flag.withDefault("max")
    ),
    strategy: Flag.String("strategy").pipe(
      Flag.withMetavar("<module>"),
      Flag.withDescription(
        "Run this strategy on paper, instead of the recorded ones (none: no strategy); may be given more than once"
      ),
      Flag.atLeast(0)
    ),
    report: Flag.String("report").pipe(
      Flag.withMetavar("<name>"),
      Flag.withDescription("Write what the strategies came to into <name>.json and <name>.html"),
      Flag.optional
    ),
    currency: Flag.String("currency").pipe(
      Flag.withMetavar("<asset>"),
      Flag.withDescription("What the report sums values in"),
      Flag.withDefault("USDT")
    ),
    format: streamFlags.format
  },
  (flags) =>
    Effect.flatMap(
      Effect.promise(() => import("./commands/replay.ts")),
      ({ replay }) =>
        replay({
          ...flags,
          config: plain(flags.config),
          venue: plain(flags.venue),
          from: plain(flags.from),
          to: plain(flags.to),
          report: plain(flags.report),
          format: plain(flags.format)
        })
    )
).pipe(
  Command.withDescription(
    "Feed a recording through the same adapters, engine and strategies (on paper), on the recording's own clock: the same events, every time. Prints them to standard output."
  ),
  Command.withShortDescription("Feed a recording through the same adapters"),
  Command.withExamples([
    { command: "tidewire replay monday", description: "As fast as it goes, as JSON lines" },
    {
      command: "tidewire replay monday --strategy ./spread.js --report spread > events.ndjson",
      description: "A strategy on paper, with spread.json and spread.html in the end"
    },
    { command: "tidewire replay monday --from 2h --to 3h --speed 10", description: "One hour, ten times as fast" }
  ])
)

const check = Command.make(
  "check",
  { config, format: format(["text", "json"], "How the plan is printed").pipe(Flag.withDefault("text" as const)) },
  (flags) =>
    Effect.flatMap(
      Effect.promise(() => import("./commands/check.ts")),
      ({ check }) => check(flags)
    )
).pipe(
  Command.withDescription("Check a configuration and print its connections, without connecting"),
  Command.withExamples([
    { command: "tidewire check --config tidewire.yaml", description: "As text" },
    { command: "tidewire check --config tidewire.ts --format json", description: "For programs" }
  ])
)

const instruments = Command.make(
  "instruments",
  {
    venue: Argument.String("venue").pipe(Argument.withDescription("The venue's id")),
    pattern: Argument.String("pattern").pipe(
      Argument.withDescription("A symbol in either spelling, or a pattern such as *USDT"),
      Argument.optional
    ),
    format: streamFlags.format,
    ...venueFlags
  },
  (flags) =>
    Effect.flatMap(
      Effect.promise(() => import("./commands/instruments.ts")),
      ({ instruments }) =>
        instruments({
          ...flags,
          pattern: plain(flags.pattern),
          format: plain(flags.format),
          adapter: plain(flags.adapter),
          environment: plain(flags.environment)
        })
    )
).pipe(
  Command.withDescription("List the instruments of a venue"),
  Command.withExamples([
    { command: "tidewire instruments <venue>", description: "All of them" },
    { command: 'tidewire instruments <venue> "*USDT" --format table', description: "Those that match" }
  ])
)

const sim = Command.make(
  "sim",
  {
    port: Flag.Int("port").pipe(Flag.withDescription("0 takes a free one"), Flag.withDefault(9443)),
    host: Flag.String("host").pipe(Flag.withDescription("The address to listen on"), Flag.withDefault("127.0.0.1")),
    seed: Flag.Int("seed").pipe(Flag.withDescription("The same seed gives the same market"), Flag.optional),
    symbols: Flag.String("symbols").pipe(
      Flag.withMetavar("<symbol,symbol>"),
      Flag.withDescription("Which symbols trade"),
      Flag.optional
    ),
    rate: Flag.Finite("rate").pipe(Flag.withDescription("Trades a second of a symbol"), Flag.optional),
    clockScale: Flag.Finite("clock-scale").pipe(
      Flag.withDescription("Shortens the venue's day, pings and limit windows: 1440 makes a day a minute"),
      Flag.optional
    ),
    scenario: Flag.String("scenario").pipe(
      Flag.withMetavar("<file>"),
      Flag.withDescription("What goes wrong, and when: one step a line, such as `at 3s kill BTCUSDT`"),
      Flag.optional
    ),
    accounts: Flag.String("accounts").pipe(
      Flag.withMetavar("<file>"),
      Flag.withDescription(
        "Who may trade: a JSON list of {key, secret | ed25519PublicKey, markets?, balances?, positionMode?}"
      ),
      Flag.optional
    ),
    untilStdinEnds: Flag.Boolean("until-stdin-ends").pipe(
      Flag.withDescription("End when standard input ends, so that the simulator dies with the process that started it"),
      Flag.withDefault(false)
    )
  },
  (flags) =>
    Effect.flatMap(
      Effect.promise(() => import("./commands/sim.ts")),
      ({ sim }) =>
        sim({
          ...flags,
          seed: plain(flags.seed),
          symbols: plain(flags.symbols),
          rate: plain(flags.rate),
          clockScale: plain(flags.clockScale),
          scenario: plain(flags.scenario),
          accounts: plain(flags.accounts)
        })
    )
).pipe(
  Command.withDescription("Run the simulated exchange alone; prints its URLs as one JSON line when it is ready"),
  Command.withExamples([{ command: "tidewire sim --port 9443 --seed 7", description: "The same market every time" }])
)

const operateFlags = {
  config,
  reason: Flag.String("reason").pipe(
    Flag.withMetavar("<text>"),
    Flag.withDescription("For the log and the journal"),
    Flag.withDefault("an operator")
  ),
  within: Flag.String("within").pipe(
    Flag.withMetavar("<time>"),
    Flag.withDescription("How long the venues may take to say that nothing is open any more"),
    Flag.withDefault("10s")
  )
}

const operate = (command: "kill" | "resume", flags: Omit<Operate.Flags, "command">) =>
  Effect.flatMap(
    Effect.promise(() => import("./commands/operate.ts")),
    ({ operate }) => operate({ ...flags, command })
  )

const kill = Command.make("kill", operateFlags, (flags) => operate("kill", flags)).pipe(
  Command.withDescription(
    "Halt all trading of a configuration's engine: refuses new orders at once, cancels everything, makes sure of it. The halt outlives restarts, until resume. Where no engine runs it cancels from here. Exit code 0: nothing is open any more."
  ),
  Command.withShortDescription("Halt all trading and cancel everything"),
  Command.withExamples([{ command: "tidewire kill --config tidewire.yaml --reason runaway", description: "At once" }])
)

const resume = Command.make("resume", operateFlags, (flags) => operate("resume", flags)).pipe(
  Command.withDescription("Allow trading again after a halt"),
  Command.withExamples([
    { command: "tidewire resume --config tidewire.yaml --reason checked", description: "After a look at the venue" }
  ])
)

const storeFlags = {
  config: config.pipe(Flag.optional),
  folder: Flag.String("folder").pipe(
    Flag.withMetavar("<folder>"),
    Flag.withDescription("A store of Parquet files, without a configuration"),
    Flag.optional
  )
}

const query = Command.make(
  "query",
  {
    sql: Argument.String("sql").pipe(Argument.withDescription("One statement that reads, over tables such as trades")),
    ...storeFlags,
    format: format(["table", "json", "csv", "ndjson"], "How rows are printed (default: a table on a terminal)").pipe(
      Flag.optional
    )
  },
  (flags) =>
    Effect.flatMap(
      Effect.promise(() => import("./commands/query.ts")),
      ({ query }) =>
        query({ ...flags, config: plain(flags.config), folder: plain(flags.folder), format: plain(flags.format) })
    )
).pipe(
  Command.withDescription(
    "Ask a store, also while a run writes to it: everything that is stored is in the answer. Tables: trades, quotes, books, bars, tickers, marks, liquidations, gaps, states, orders, fills, balances, positions, funding. Nothing can be changed."
  ),
  Command.withShortDescription("Ask a store"),
  Command.withExamples([
    {
      command: 'tidewire query "SELECT symbol, count(*) FROM trades GROUP BY ALL" --config tidewire.yaml',
      description: "The store of a configuration"
    },
    { command: 'tidewire query "FROM gaps WHERE NOT repaired" --folder events', description: "A folder" }
  ])
)

const exported = Command.make(
  "export",
  {
    out: Flag.String("out").pipe(
      Flag.withMetavar("<file>"),
      Flag.withDescription("A file that ends with .parquet, .csv or .ndjson; it is replaced when the new one is whole")
    ),
    ...storeFlags,
    channel: Flag.String("channel").pipe(
      Flag.withMetavar("<channel>"),
      Flag.withDescription(
        "What: trades, quotes, book, bars, ticker, mark, liquidations, gaps, states, orders, fills …"
      )
    ),
    venue: Flag.String("venue").pipe(Flag.withDescription("Of this venue only, by its name"), Flag.optional),
    symbol: Flag.String("symbol").pipe(
      Flag.withDescription("Of this symbol only, in the venue's spelling"),
      Flag.optional
    ),
    from: Flag.String("from").pipe(
      Flag.withMetavar("<time>"),
      Flag.withDescription('From here on: a time such as 2026-01-31T12:00:00Z, or so long ago ("2h")'),
      Flag.optional
    ),
    to: Flag.String("to").pipe(
      Flag.withMetavar("<time>"),
      Flag.withDescription("Before this: as --from"),
      Flag.optional
    )
  },
  (flags) =>
    Effect.flatMap(
      Effect.promise(() => import("./commands/export.ts")),
      ({ exportTable }) =>
        exportTable({
          ...flags,
          config: plain(flags.config),
          folder: plain(flags.folder),
          venue: plain(flags.venue),
          symbol: plain(flags.symbol),
          from: plain(flags.from),
          to: plain(flags.to)
        })
    )
).pipe(
  Command.withDescription("Write a table of a store, or a part of it, into a file"),
  Command.withExamples([
    {
      command: "tidewire export --channel trades --symbol BTCUSDT --from 24h --out btc.parquet --config tidewire.yaml",
      description: "A day of trades"
    }
  ])
)

const tidewire = Command.make("tidewire").pipe(
  Command.withDescription("Market data of crypto venues: supervised connections, accounted gaps, swappable adapters"),
  Command.withSubcommands([run, stream, record, replay, check, instruments, sim, query, exported, kill, resume])
)

const builtIns = [GlobalFlag.Help, GlobalFlag.Version, GlobalFlag.Completions, GlobalFlag.LogLevel]

/** Runs a command line and ends the process with its exit code. */
export const main = (args: ReadonlyArray<string>): void => {
  const program = Command.runWith(tidewire, { version: version() })(args).pipe(
    Exit.toCode,
    Effect.provide(Layer.mergeAll(NodeServices.layer, Presenter.layer, CliConfig.layer({ builtIns }), Logging.layer))
  )
  Effect.runPromise(program).then(
    (code) => process.exit(code),
    (error: unknown) => {
      process.stderr.write(`${String(error)}\n`)
      process.exit(Exit.FAILED)
    }
  )
}
