import { assert, describe, it } from "@effect/vitest"
import type { Event } from "@tidewire/core"
import { FeedCounter } from "../src/FeedCounter.ts"
import { Leg } from "../src/Leg.ts"
import { WholeBookStream } from "../src/WholeBookStream.ts"
import { snapshot } from "./events.ts"

const make = () => {
  const events: Array<Event.Event> = []
  const stream = new WholeBookStream({
    venue: "reference",
    subscription: { symbol: "AAA", channel: "book:5" },
    topic: { name: "AAA.book5", route: "all" },
    emit: (event) => events.push(event),
    onDuplicate: () => {},
    now: () => 1,
    consecutiveTradeIds: false
  })
  const told = () =>
    events.flatMap((event) =>
      event.type === "book"
        ? [`book ${event.sequence}`]
        : event.type === "bookState"
          ? [event.state]
          : event.type === "gap"
            ? [`gap ${event.from}..${event.to} ${event.repaired ? "repaired" : ""}`]
            : []
    )
  const counter = new FeedCounter()
  const open = () => {
    const leg = new Leg(stream, { counter, lastProof: 0, prove: () => undefined, reseed: () => undefined })
    stream.attach(leg)
    return leg
  }
  return { stream, told, open }
}

describe("WholeBookStream", () => {
  it("is live from its first message, stale when interrupted, and mended by the next", () => {
    const { open, stream, told } = make()
    const leg = open()
    leg.event(snapshot(5))
    stream.detach(leg, "disconnect", "closed")
    const between = stream.view()
    open()
    stream.accept(snapshot(8))
    assert.deepStrictEqual(
      [told(), between, stream.view().state],
      [
        ["syncing", "book 5", "live", "stale", "syncing", "book 8", "gap 5..8 repaired", "live"],
        { state: "stale", reason: "closed" },
        "live"
      ]
    )
  })

  it("is not live again by a message that was told before it was stale", () => {
    const { open, stream, told } = make()
    const leg = open()
    leg.event(snapshot(5))
    stream.detach(leg, "disconnect", "closed")
    open().event(snapshot(5))
    assert.deepStrictEqual(
      [told(), stream.view()],
      [["syncing", "book 5", "live", "stale", "syncing"], { state: "syncing", reason: undefined }]
    )
  })

  it("passes from one session to another without a word", () => {
    const { open, stream, told } = make()
    const [first, second] = [open(), open()]
    first.event(snapshot(5))
    second.event(snapshot(5))
    stream.detach(first, "disconnect", "closed")
    second.event(snapshot(8))
    assert.deepStrictEqual(told(), ["syncing", "book 5", "live", "book 8"])
  })

  it("shows no message that was overtaken", () => {
    const { open, stream, told } = make()
    open()
    stream.accept(snapshot(10))
    stream.accept(snapshot(9, [[1, 1]]))
    const view = stream.view()
    assert.deepStrictEqual([told(), view.state === "live" && view.book.sequence], [["syncing", "book 10", "live"], 10])
  })
})
