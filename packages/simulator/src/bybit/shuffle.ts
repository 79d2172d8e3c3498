/** The same object with its keys in another order, those of what is inside too. Each call draws anew from the chance given. */
import type { Random } from "../random.ts"
import type { Payload } from "../topics/Frame.ts"

const shuffled = <A>(random: Random, items: ReadonlyArray<A>): Array<A> => {
  const out = [...items]
  for (let index = out.length - 1; index > 0; index--) {
    const other = random.int(index + 1)
    ;[out[index], out[other]] = [out[other]!, out[index]!]
  }
  return out
}

const deep = (random: Random, value: unknown): unknown => {
  if (Array.isArray(value)) return value.map((one) => deep(random, one))
  if (typeof value !== "object" || value === null) return value
  return shuffle(random, value as Payload)
}

export const shuffle = (random: Random, payload: Payload): Payload =>
  Object.fromEntries(shuffled(random, Object.entries(payload)).map(([key, value]) => [key, deep(random, value)]))
