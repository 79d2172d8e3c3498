/**
 * Scenarios by chance, for tests that want to meet what nobody thought of. Guarantees the same steps for the same
 * options, every kind of fault and a kill of all connections at least once, an end to each of them, and that nothing is
 * wrong any more in the last quarter, so that clients can heal.
 */
import { bybitOnly, type Fault, isImmediate, ofAccounts } from "../faults/Fault.ts"
import { faultTable } from "../faults/faultTable.ts"
import { isBybit, type MarketKind, marketKinds } from "../market/definition.ts"
import { make, type Random } from "../random.ts"
import { Draw, draws } from "./draws.ts"
import type { Step } from "./Step.ts"

export interface RandomOptions {
  readonly seed: number
  readonly durationMs: number
  readonly symbols: Readonly<Partial<Record<MarketKind, ReadonlyArray<string>>>>
  /** Only these; default all that these markets know, but for those of accounts. */
  readonly kinds?: ReadonlyArray<Fault["kind"]>
}

/** The share of the duration in which faults may act. */
const STORM = 0.75

/** One fault in so many milliseconds, when that is more than one of each kind. */
const MEAN_PAUSE_MS = 1_500

const shuffled = <A>(random: Random, list: ReadonlyArray<A>): Array<A> => {
  const out = [...list]
  for (let i = out.length - 1; i > 0; i--) {
    const j = random.int(i + 1)
    ;[out[i], out[j]] = [out[j]!, out[i]!]
  }
  return out
}

const unitMs = { Ms: 1, S: 1_000 } as const

/** How long it has an effect after it has ended: what it delayed, or asked to wait, comes that much later. */
const tailOf = (fault: Fault): number =>
  Object.entries(fault).reduce((tail, [name, value]) => {
    const unit = /^(?:delay|hold|.*[aA]fter)(Ms|S)$/.exec(name)?.[1] as keyof typeof unitMs | undefined
    return unit === undefined ? tail : Math.max(tail, Number(value) * unitMs[unit])
  }, 0)

const hasBybit = (symbols: RandomOptions["symbols"]): boolean =>
  marketKinds.some((market) => isBybit(market) && (symbols[market] ?? []).length > 0)

const kindsOf = (symbols: RandomOptions["symbols"]): ReadonlyArray<Fault["kind"]> => {
  const every = Object.keys(faultTable) as ReadonlyArray<Fault["kind"]>
  const all = every.filter((kind) => !ofAccounts.includes(kind))
  return hasBybit(symbols) ? all : all.filter((kind) => !bybitOnly.includes(kind))
}

export const random = (options: RandomOptions): Array<Step> => {
  const { durationMs, seed, symbols } = options
  const { kinds = kindsOf(symbols) } = options
  const chance = make(`scenario/${seed}`)
  const draw = new Draw(chance, symbols, durationMs)
  const calmAt = Math.floor(durationMs * STORM)
  const count = Math.max(kinds.length, Math.round(calmAt / MEAN_PAUSE_MS))
  const order: Array<Fault["kind"]> = []
  while (kinds.length > 0 && order.length < count) order.push(...shuffled(chance, kinds))
  const steps = order.slice(0, count).map((kind): Step => {
    const drawn = draws[kind](draw)
    const tail = tailOf(drawn)
    const lasts = isImmediate(drawn) ? 0 : draw.lastsMs()
    // At the earliest when a client may have connected, at the latest so that all is over when the calm begins.
    const atMs = draw.between(durationMs * 0.03, Math.max(0, calmAt - lasts - tail - 1))
    const fault: Fault = lasts === 0 ? drawn : { ...drawn, durationMs: lasts }
    return { atMs, action: { type: "fault", fault } }
  })
  // Once at least the whole house goes dark.
  if (kinds.includes("kill")) {
    steps.push({
      atMs: draw.between(durationMs * 0.03, calmAt - 1),
      action: { type: "fault", fault: { kind: "kill" } }
    })
  }
  const ordered = steps.toSorted((a, b) => a.atMs - b.atMs)
  return [...ordered, { atMs: calmAt, action: { type: "clear" } }]
}
