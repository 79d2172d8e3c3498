/** `tidewire query` and `tidewire export`. */
import * as Argument from "effect/cli/Argument"
import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import * as Effect from "effect/Effect"
import { config, format, plain } from "./flags.ts"

const storeFlags = {
  config: config.pipe(Flag.optional),
  folder: Flag.String("folder").pipe(
    Flag.withMetavar("<folder>"),
    Flag.withDescription("A store of Parquet files, without a configuration"),
    Flag.optional
  )
}

export const query = Command.make(
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
      Effect.promise(() => import("../commands/query.ts")),
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

export const exported = Command.make(
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
      Effect.promise(() => import("../commands/export.ts")),
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
