import { assert, describe, it } from "@effect/vitest"
import * as Schema from "effect/Schema"
import * as ConnectionState from "../src/ConnectionState.ts"
import { type Random, seeded } from "./random.ts"

const inputs: ReadonlyArray<ConnectionState.Input> = [
  { _tag: "Start" },
  { _tag: "Opened" },
  { _tag: "AuthenticationNeeded" },
  { _tag: "SubscribingStarted" },
  { _tag: "AllAcknowledged" },
  { _tag: "NewSubscriptions" },
  { _tag: "Lost", reason: "closed" },
  { _tag: "RetryNow", attempt: 4 },
  { _tag: "AttemptsUsedUp", reason: "refused" },
  { _tag: "CoolDownEnded", attempt: 7 },
  { _tag: "Stop" }
]

const tags = ["Stopped", "Connecting", "Connected", "Authenticating", "Subscribing", "Active"] as const

const states: ReadonlyArray<ConnectionState.State> = [
  ConnectionState.initial,
  ...tags.slice(1).map((_tag) => ({ _tag, attempt: 3 }) as ConnectionState.State),
  { _tag: "Reconnecting", attempt: 3, reason: "closed" },
  { _tag: "Failed", attempt: 3, reason: "refused" }
]

/** Every move there is: all else stays where it is. */
const moves: Record<string, Partial<Record<ConnectionState.Input["_tag"], string>>> = {
  Stopped: { Start: "Connecting" },
  Connecting: { Opened: "Connected", Lost: "Reconnecting" },
  Connected: { AuthenticationNeeded: "Authenticating", SubscribingStarted: "Subscribing", Lost: "Reconnecting" },
  Authenticating: { SubscribingStarted: "Subscribing", Lost: "Reconnecting" },
  Subscribing: { AllAcknowledged: "Active", Lost: "Reconnecting" },
  Active: { NewSubscriptions: "Subscribing", Lost: "Reconnecting" },
  Reconnecting: { RetryNow: "Connecting", AttemptsUsedUp: "Failed" },
  Failed: { CoolDownEnded: "Connecting" }
}

/** The states of these inputs, one after the other. */
const walk = (...given: ReadonlyArray<ConnectionState.Input["_tag"]>) => {
  let state = ConnectionState.initial
  return given.map((tag) => {
    state = ConnectionState.next(
      state,
      inputs.find(({ _tag }) => _tag === tag)!
    )
    return state
  })
}

describe("ConnectionState", () => {
  it("S-C1 goes from Stopped to Active, and through Reconnecting back, with the number and the reason of the attempt", () => {
    assert.deepStrictEqual(
      walk(
        "Start",
        "Opened",
        "SubscribingStarted",
        "AllAcknowledged",
        "Lost",
        "RetryNow",
        "Lost",
        "RetryNow",
        "Opened"
      ),
      [
        { _tag: "Connecting", attempt: 0 },
        { _tag: "Connected", attempt: 0 },
        { _tag: "Subscribing", attempt: 0 },
        { _tag: "Active", attempt: 0 },
        { _tag: "Reconnecting", attempt: 0, reason: "closed" },
        { _tag: "Connecting", attempt: 4 },
        { _tag: "Reconnecting", attempt: 4, reason: "closed" },
        { _tag: "Connecting", attempt: 4 },
        { _tag: "Connected", attempt: 4 }
      ]
    )
  })

  it("S-C1 fails after the last attempt, and is probed once the cool-down has ended", () => {
    assert.deepStrictEqual(walk("Start", "Lost", "AttemptsUsedUp", "RetryNow", "CoolDownEnded"), [
      { _tag: "Connecting", attempt: 0 },
      { _tag: "Reconnecting", attempt: 0, reason: "closed" },
      { _tag: "Failed", attempt: 0, reason: "refused" },
      { _tag: "Failed", attempt: 0, reason: "refused" },
      { _tag: "Connecting", attempt: 7 }
    ])
  })

  it("authenticates between connecting and subscribing where the venue wants it", () => {
    assert.deepStrictEqual(
      walk("Start", "Opened", "AuthenticationNeeded", "AllAcknowledged", "SubscribingStarted").map(({ _tag }) => _tag),
      ["Connecting", "Connected", "Authenticating", "Authenticating", "Subscribing"]
    )
  })

  for (const state of states) {
    it(`S-C1 knows what each input means when ${state._tag}, and is not moved by any other`, () => {
      const reached = inputs.map((input) => {
        const next = ConnectionState.next(state, input)
        return [input._tag, next === state ? "the same state" : next._tag]
      })
      const expected = inputs.map(({ _tag }) => {
        const move = _tag === "Stop" && state._tag !== "Stopped" ? "Stopped" : moves[state._tag]![_tag]
        return [_tag, move ?? "the same state"]
      })
      assert.deepStrictEqual(reached, expected)
    })
  }

  it.prop("S-B5 claims nothing that is not so, after any inputs in any order", [Schema.Int], ([seed]) => {
    const random = seeded(seed)
    const facts = new Facts()
    let state = ConnectionState.initial
    for (let step = 0; step < 300; step++) {
      const input = likelyInput(state, random)
      const next = ConnectionState.next(state, input)
      facts.take(input, state)
      facts.check(next)
      if (input._tag === "Stop") assert.deepStrictEqual(next, { _tag: "Stopped", attempt: 0 })
      state = next
    }
  })
})

/** Half of the time something that means something here, so that the far states are reached. */
const likelyInput = (state: ConnectionState.State, random: Random): ConnectionState.Input => {
  const meant = inputs.filter(({ _tag }) => _tag in moves[state._tag]!)
  return random.chance(0.5) ? random.pick(meant) : random.pick(inputs)
}

/** What has really happened, kept without states. */
class Facts {
  #isStarted = false
  #isOpen = false
  #isSubscribing = false
  #isAcknowledged = false
  #areUsedUp = false

  /** Facts follow from inputs that can be true: a socket opens only where one was dialled. */
  take(input: ConnectionState.Input, before: ConnectionState.State): void {
    switch (input._tag) {
      case "Start":
        this.#isStarted = true
        return
      case "Opened":
        this.#isOpen ||= before._tag === "Connecting"
        return
      case "SubscribingStarted":
        this.#isSubscribing ||= this.#isOpen
        return
      case "AllAcknowledged":
        this.#isAcknowledged ||= this.#isSubscribing
        return
      case "NewSubscriptions":
        this.#isAcknowledged = false
        return
      case "AttemptsUsedUp":
        this.#areUsedUp ||= before._tag === "Reconnecting"
        return
      case "CoolDownEnded":
        this.#areUsedUp = false
        return
      case "Stop":
        this.#isStarted = false
        this.#areUsedUp = false
        return this.#lose()
      case "Lost":
        return this.#lose()
    }
  }

  check(state: ConnectionState.State): void {
    const { _tag } = state
    const hasSocket = tags.indexOf(_tag as (typeof tags)[number]) >= tags.indexOf("Connected")
    assert.deepStrictEqual(
      { isStarted: _tag !== "Stopped", hasSocket, isActive: _tag === "Active", isFailed: _tag === "Failed" },
      { isStarted: this.#isStarted, hasSocket: this.#isOpen, isActive: this.#isAcknowledged, isFailed: this.#areUsedUp }
    )
  }

  #lose(): void {
    this.#isOpen = false
    this.#isSubscribing = false
    this.#isAcknowledged = false
  }
}
