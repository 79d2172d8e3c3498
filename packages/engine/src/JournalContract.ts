/**
 * What every journal must do, as cases that any test runner can run: each gets a way to open a fresh place as often as it
 * likes (the second opening is what the next process finds), and throws when the journal does not keep its word.
 *
 * It cannot show what a killed process leaves; that is shown where the journal is made.
 */
import type { Entry, Journal } from "./Journal.ts"

/** Opens the journal in the case's place, after closing the one that was open. */
export type Reopen = () => Journal

export interface JournalCase {
  readonly title: string
  readonly run: (reopen: Reopen) => void
}

const halt = (time: number): Entry => ({ _tag: "Halt", time, reason: `reason ${time}` })

/** One of each kind, with every optional field somewhere. */
const samples: ReadonlyArray<Entry> = [
  { _tag: "Started", time: 1, boot: 1 },
  {
    _tag: "Intent",
    time: 2,
    venue: "binance",
    strategy: "maker",
    request: {
      clientOrderId: "tw1-0",
      symbol: "BTCUSDT",
      side: "buy",
      kind: "limit",
      size: "0.015",
      price: "61250.1",
      timeInForce: "postOnly",
      reduceOnly: false
    }
  },
  {
    _tag: "Amend",
    time: 3,
    venue: "binance",
    amendment: { clientOrderId: "tw1-0", symbol: "BTCUSDT", venueOrderId: "40000123", price: "61250", size: "0.014" }
  },
  { _tag: "Cancel", time: 4, venue: "binance", clientOrderId: "tw1-0" },
  {
    _tag: "Order",
    order: {
      type: "order",
      venue: "binance",
      exchangeTime: 5,
      receivedTime: 6.125,
      symbol: "BTCUSDT",
      clientOrderId: "tw1-0",
      venueOrderId: "40000123",
      side: "buy",
      kind: "limit",
      size: "0.014",
      price: "61250",
      status: "cancelled",
      filled: "0.005",
      averagePrice: "61249.9",
      reason: "“ours” \u0000 \n 🙂",
      strategy: "maker"
    }
  },
  {
    _tag: "Fill",
    fill: {
      type: "fill",
      venue: "binance",
      receivedTime: 7,
      symbol: "BTCUSDT",
      id: "5550004",
      clientOrderId: "tw1-0",
      side: "buy",
      price: "61249.9",
      size: "0.005",
      fee: "-0.0000001",
      feeAsset: "BNB",
      liquidity: "maker"
    }
  },
  {
    _tag: "Funding",
    funding: { type: "funding", venue: "binance-usdm", receivedTime: 8, asset: "USDT", amount: "-0.012" }
  },
  halt(9),
  { _tag: "Resume", time: 10, reason: "checked" },
  { _tag: "Snapshot", time: 11, name: "portfolio", value: { holdings: [{ symbol: "BTCUSDT", size: "0.005" }] } }
]

const same = (found: Iterable<Entry>, expected: ReadonlyArray<Entry>): void => {
  const [foundText, expectedText] = [JSON.stringify([...found]), JSON.stringify(expected)]
  if (foundText !== expectedText) throw new Error(`The journal gave\n${foundText}\ninstead of\n${expectedText}`)
}

const throwing = function* (): Generator<Entry> {
  yield halt(1)
  throw new Error("no more")
}

export const cases: ReadonlyArray<JournalCase> = [
  { title: "is empty at first", run: (reopen) => same(reopen().read(), []) },
  {
    title: "gives every kind of entry back as it was written, in order",
    run: (reopen) => {
      const journal = reopen()
      for (const entry of samples) journal.write(entry)
      same(journal.read(), samples)
      same(reopen().read(), samples)
    }
  },
  {
    title: "goes on where the last process ended",
    run: (reopen) => {
      for (let time = 0; time < 10; time++) reopen().write(halt(time))
      same(
        reopen().read(),
        Array.from({ length: 10 }, (_, time) => halt(time))
      )
    }
  },
  {
    title: "replaces all it has, and goes on behind that",
    run: (reopen) => {
      const journal = reopen()
      for (const entry of samples) journal.write(entry)
      journal.replace(samples.slice(0, 2))
      journal.write(halt(20))
      const expected = [...samples.slice(0, 2), halt(20)]
      same(journal.read(), expected)
      same(reopen().read(), expected)
    }
  },
  {
    title: "forgets an order, and keeps its fills and all others",
    run: (reopen) => {
      const journal = reopen()
      const others = samples.map((entry): Entry => {
        return entry._tag === "Cancel" ? { ...entry, clientOrderId: "tw1-1" } : entry
      })
      for (const entry of others) journal.write(entry)
      journal.forget("bybit", "tw1-0")
      journal.forget("binance", "tw1-0")
      journal.write(halt(20))
      const expected = [...others.filter((entry) => !["Intent", "Amend", "Order"].includes(entry._tag)), halt(20)]
      same(journal.read(), expected)
      same(reopen().read(), expected)
    }
  },
  {
    title: "keeps all it has when a replacement fails",
    run: (reopen) => {
      const journal = reopen()
      for (const entry of samples) journal.write(entry)
      try {
        journal.replace(throwing())
      } catch {
        same(journal.read(), samples)
        same(reopen().read(), samples)
        return
      }
      throw new Error("A replacement that failed was not told.")
    }
  },
  {
    title: "keeps nothing of a rehearsal",
    run: (reopen) => {
      const journal = reopen()
      journal.rehearse?.(samples[1]!)
      journal.write(halt(1))
      journal.rehearse?.(samples[1]!)
      journal.rehearse?.(samples[3]!)
      journal.write(halt(2))
      journal.rehearse?.(samples[1]!)
      same(journal.read(), [halt(1), halt(2)])
      same(reopen().read(), [halt(1), halt(2)])
    }
  },
  {
    title: "may be replaced while it is read",
    run: (reopen) => {
      const journal = reopen()
      for (let time = 0; time < 1_000; time++) journal.write(halt(time))
      const even = function* () {
        for (const entry of journal.read()) if (entry._tag === "Halt" && entry.time % 2 === 0) yield entry
      }
      journal.replace([...even()])
      same(
        reopen().read(),
        Array.from({ length: 500 }, (_, index) => halt(index * 2))
      )
    }
  }
]
