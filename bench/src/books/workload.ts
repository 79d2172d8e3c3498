/** What the structures of a book side are put through: levels to begin with, then changes of it, many to a frame. */
import * as binance from "../frames/binance.ts"

export interface Workload {
  readonly name: string
  readonly begin: ReadonlyArray<readonly [number, number]>
  /** Keys and sizes in turn. */
  readonly changes: Float64Array
  /** Changes of one frame, at whose end the best key is read. */
  readonly perFrame: number
}

const CHANGES = 60_000

/** The bids of the recording, which end as they began. */
const recorded = (): Workload => {
  const { changes, start } = binance.make().book()
  const bids = changes.flatMap((change) => change.bids).map(([price, size]) => [Number(price), Number(size)] as const)
  const begin = start.bids.map(([price, size]) => [Number(price), Number(size)] as const)
  return { name: "recorded", begin, changes: Float64Array.from(bids.flat()), perFrame: 18 }
}

/** A fixed sequence of numbers from 0 to 1. */
const sequence = () => {
  let state = 1
  return (): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 4_294_967_296
  }
}

/** Every second change of a tick that `place` gives (0 the best of `2 * depth` ticks) sets a size, the others remove one. */
const made = (name: string, depth: number, place: (random: () => number) => number): Workload => {
  const random = sequence()
  const keyOf = (tick: number): number => (1_000_000 - tick) / 100
  const changes = new Float64Array(2 * CHANGES)
  for (let index = 0; index < changes.length; index += 2) {
    changes[index] = keyOf(Math.floor(place(random) * 2 * depth))
    changes[index + 1] = random() < 0.5 ? 0 : 1 + random()
  }
  const begin = Array.from({ length: depth }, (_, index) => [keyOf(2 * index), 1] as const)
  return { name: `${name}, ${depth}`, begin, changes, perFrame: 18 }
}

/** The best tenth of the levels is taken, best first, and put back. */
const sweeping = (depth: number): Workload => {
  const length = Math.max(2, Math.floor(depth / 10))
  let step = -1
  const workload = made("sweeps", depth, () => 0)
  workload.changes.forEach((_, index) => {
    if (index % 2 === 1) return
    step = (step + 1) % (2 * length)
    const isTaken = step < length
    workload.changes[index] = (1_000_000 - 2 * (isTaken ? step : 2 * length - 1 - step)) / 100
    workload.changes[index + 1] = isTaken ? 0 : 1
  })
  return workload
}

export const all = (): ReadonlyArray<Workload> => [
  recorded(),
  ...[20, 400, 5_000].flatMap((depth) => [
    made("near the touch", depth, (random) => random() ** 6),
    made("anywhere", depth, (random) => random()),
    sweeping(depth)
  ])
]
