/** What a frame costs as there are more symbols on one connection, and more handlers behind one stream. */
import { baseline, bus, type Client, emitter, tidewire } from "../clients.ts"
import { scaleTable } from "../report/scaleTable.ts"
import * as Rounds from "../rounds.ts"
import * as plans from "./plans.ts"
import { processorMicros, type Row, type Series } from "./Series.ts"

interface Given {
  readonly name: string
  readonly about: string
  readonly of: "symbols" | "handlers"
  readonly counts: ReadonlyArray<number>
  readonly clients: ReadonlyArray<Client>
}

const make = ({ about, clients, counts, name, of }: Given): Series => {
  const label = (count: number): string => `${name} ${count}`
  return {
    name,
    about,
    measure: async (setting) => {
      const measured: Array<Rounds.MeasuredCase> = []
      for (const count of setting.isSmoke ? [counts.at(-1)!] : counts) {
        const plan = plans.flood("trades", "binance", plans.FEWER_TRADES, setting, { [of]: count })
        measured.push(await Rounds.run({ label: label(count), plan, clients }, setting))
      }
      return measured
    },
    rows: [counts[0]!, counts.at(-1)!].map((count): Row => ({
      case: label(count),
      what: `processor time a trade frame, ${count} ${count === 1 ? of.slice(0, -1) : of}, µs`,
      read: processorMicros
    })),
    details: (cases) =>
      scaleTable(
        of,
        cases.map((measured) => [measured.plan![of], measured])
      )
  }
}

export const symbols = make({
  name: "symbols",
  about: "the cost of a trade frame with 1, 10, 100 and 1 000 symbols on one connection",
  of: "symbols",
  counts: [1, 10, 100, 1_000],
  clients: [baseline, tidewire]
})

export const subscribers = make({
  name: "subscribers",
  about: "the cost of a trade frame with 1, 8 and 64 handlers of an EventBus, against Node's EventEmitter",
  of: "handlers",
  counts: [1, 8, 64],
  clients: [emitter, bus]
})
