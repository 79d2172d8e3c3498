/** Things that happen late stay in order: nothing overtakes, nothing is early, nothing is lost. */
import { expect, it } from "vitest"
import { manualClock } from "../src/index.ts"
import { make } from "../src/random.ts"
import { DelayLine } from "../src/socket/DelayLine.ts"
import { START } from "./support.ts"

it("keeps the order of arrival whatever the delays, and lets each thing happen when it is due", () => {
  for (let seed = 0; seed < 50; seed++) {
    const random = make(`delay line ${seed}`)
    const clock = manualClock(START)
    const line = new DelayLine(clock)
    const happened: Array<readonly [index: number, at: number]> = []
    const due: Array<number> = []
    for (let index = 0; index < 200; index++) {
      clock.advance(random.int(20))
      const delayMs = random.chance(0.5) ? 0 : random.int(100)
      due.push(Math.max(clock.now() + delayMs, due.at(-1) ?? 0))
      line.push(delayMs, () => happened.push([index, clock.now()]))
    }
    clock.advance(100)
    expect(happened).toEqual(due.map((at, index) => [index, at]))
    expect(line.isIdle).toBe(true)
  }
})

it("forgets what waits when it is cleared", () => {
  const clock = manualClock(START)
  const line = new DelayLine(clock)
  const happened: Array<number> = []
  line.push(10, () => happened.push(1))
  line.clear()
  line.push(20, () => happened.push(2))
  clock.advance(100)
  expect(happened).toEqual([2])
})
