/**
 * How much of the size at a resting order's price is served before it. In the unit of the instrument, as floats: it is a
 * guess about others' orders, not money.
 *
 * - `cautious`: what leaves the level was behind us, until there is no more there than was ahead.
 * - `proportional`: what leaves without a trade was ahead and behind in proportion.
 * - `front`: nobody is ahead. For limits of what is possible, not for results.
 */
export interface QueuePosition {
  /** What is ahead of an order that joins a level of this size. */
  readonly join: (levelSize: number) => number
  /** What is ahead after the level's size became `after`, of which no trade is to be told. */
  readonly changed: (ahead: number, before: number, after: number) => number
}

const cautious: QueuePosition = {
  join: (levelSize) => levelSize,
  changed: (ahead, _, after) => Math.min(ahead, after)
}

const proportional: QueuePosition = {
  join: (levelSize) => levelSize,
  changed: (ahead, before, after) =>
    after >= before || before === 0 ? ahead : Math.min(after, ahead * (after / before))
}

const front: QueuePosition = { join: () => 0, changed: () => 0 }

export const models = { cautious, proportional, front } as const
export type ModelName = keyof typeof models
