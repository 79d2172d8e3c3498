import { assert, describe, it } from "@effect/vitest"
import { TimeLine } from "@tidewire/engine"
import { Schema } from "effect"

describe("TimeLine", () => {
  it("runs what is due in the order of its time, then of its scheduling, and what an action schedules for now", () => {
    const line = new TimeLine.TimeLine(0)
    const ran: Array<string> = []
    const note = (name: string) => () => void ran.push(`${name}@${line.now}`)
    line.schedule(20, note("later"))
    line.schedule(10, note("first"))
    line.schedule(10, () => {
      note("second")()
      line.schedule(10, note("third"))
      line.advance(1_000)
    })
    line.advance(10)
    assert.deepStrictEqual(ran, ["first@10", "second@10", "third@10"])
    line.advance(5)
    assert.deepStrictEqual([line.now, line.waiting, line.next], [10, 1, 20])
    line.advance(25)
    assert.deepStrictEqual([ran.at(-1), line.now, line.waiting], ["later@20", 25, 0])
  })

  it("refuses more than its bound", () => {
    const line = new TimeLine.TimeLine(0, 2)
    line.schedule(1, () => {})
    line.schedule(1, () => {})
    assert.throws(() => line.schedule(1, () => {}), /more than 2/)
  })

  it.prop(
    "gives the same run, however its advance is sliced",
    [Schema.Array(Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 50 })))],
    ([times]) => {
      const runOf = (slices: ReadonlyArray<number>) => {
        const line = new TimeLine.TimeLine(0)
        const ran: Array<string> = []
        for (const [index, at] of times.entries()) line.schedule(at, () => void ran.push(`${index}@${line.now}`))
        for (const to of slices) line.advance(to)
        return ran
      }
      const sliced = Array.from({ length: 51 }, (_, index) => index)
      assert.deepStrictEqual(runOf(sliced), runOf([50]))
    }
  )
})
