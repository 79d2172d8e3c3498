/**
 * The ledger against made-up accounts: honest ones, with every way to fill a part of a hole, and the same with one entry
 * left out, repeated or falsified.
 */
import { assert, describe, it } from "vitest"
import { type GapClaim, Ledger } from "../../src/oracle/Ledger.ts"
import { make, type Random } from "../../src/random.ts"

type Entry =
  | { readonly take: number; readonly isBackfill: boolean }
  | { readonly from: number; readonly to: number; readonly lost: number; readonly repaired: boolean }

const take = (position: number, isBackfill = false): Entry => ({ take: position, isBackfill })

const lost = (from: number, to: number): Entry => ({ from, to, lost: to - from - 1, repaired: false })

/** Between two positions: filled from one to another, the rest told. */
const hole = (from: number, to: number, first: number, last: number): Array<Entry> => {
  const filled = Array.from({ length: last - first + 1 }, (_, index) => take(first + index, true))
  if (filled.length === 0) return [lost(from, to)]
  if (filled.length === to - from - 1) return [...filled, { from, to, lost: to - from - 1, repaired: true }]
  return [...filled, ...(first > from + 1 ? [lost(from, first)] : []), ...(last < to - 1 ? [lost(last, to)] : [])]
}

const honest = (random: Random): Array<Entry> => {
  const entries: Array<Entry> = []
  for (let position = 100; position < 160;) {
    for (let live = 1 + random.int(4); live > 0; live--) entries.push(take(position++))
    const size = 1 + random.int(6)
    const first = position + random.int(size)
    const last = random.chance(0.3) ? first - 1 : first + random.int(position + size - first)
    const isWhole = random.chance(0.3)
    entries.push(
      ...(isWhole
        ? hole(position - 1, position + size, position, position + size - 1)
        : hole(position - 1, position + size, first, last))
    )
    position += size
    entries.push(take(position++))
  }
  return entries
}

const judge = (entries: ReadonlyArray<Entry>): Array<string> => {
  const complaints: Array<string> = []
  const ledger = new Ledger((kind, detail) => complaints.push(`${kind} ${detail}`))
  for (const entry of entries) {
    if ("take" in entry) ledger.take(entry.take, entry.isBackfill, 0)
    else ledger.tell({ ...entry, countsPositions: true } satisfies GapClaim, 0)
  }
  const last = entries.findLast((entry) => "take" in entry)
  ledger.finish(last !== undefined && "take" in last ? last.take : 0, 0)
  return complaints
}

/** Every account with one entry spoilt; what is left out at either end is nobody's loss. */
const spoilt = (entries: ReadonlyArray<Entry>): Array<ReadonlyArray<Entry>> =>
  entries.flatMap((entry, index) => {
    const leftOut = index === 0 || index === entries.length - 1 ? [] : [entries.toSpliced(index, 1)]
    const all = [...leftOut, entries.toSpliced(index, 0, entry)]
    if ("take" in entry) return all
    return [
      ...all,
      entries.with(index, { ...entry, repaired: !entry.repaired }),
      entries.with(index, { ...entry, from: entry.from - 1, lost: entry.lost + 1 }),
      entries.with(index, { ...entry, to: entry.to + 1, lost: entry.lost + 1 }),
      entries.with(index, { ...entry, lost: entry.lost + 1 })
    ]
  })

describe("Ledger", () => {
  it("is content with an honest account, however a hole was filled, and with none that is spoilt", () => {
    const random = make("ledger")
    let spoiltOnes = 0
    for (let round = 0; round < 40; round++) {
      const entries = honest(random)
      assert.deepStrictEqual(judge(entries), [])
      for (const one of spoilt(entries)) {
        spoiltOnes++
        if (judge(one).length === 0) assert.fail(JSON.stringify(one))
      }
    }
    assert.isAbove(spoiltOnes, 5_000)
  })
})
