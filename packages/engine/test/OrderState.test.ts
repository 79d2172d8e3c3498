import { Amount, type Order, Order as OrderModule } from "@tidewire/core"
import { OrderState } from "@tidewire/engine"
import { assert, describe, it } from "@effect/vitest"
import { filledBy, intent, reported } from "./orders.ts"
import { type Random, seeded } from "./random.ts"

type Input = OrderState.Input

const apply = (inputs: ReadonlyArray<Input>): OrderState.OrderState =>
  inputs.reduce((state, input) => OrderState.next(state, input), OrderState.make("a-1"))

const accepted: Input = { _tag: "Accepted", time: 5, venueOrderId: "v-1" }
const refused: Input = { _tag: "Refused", time: 6, reason: "no funds" }
const doubted: Input = { _tag: "OutcomeUnknown", time: 6, reason: "timeout" }
const cancelling: Input = { _tag: "CancelRequested", time: 7 }
const absent = (time: number): Input => ({ _tag: "NotFound", time })

/** Sizes in tenths, so that the model can count in whole numbers. */
const tenths = (text: string) => Math.round(Number(text) * 10)

/**
 * The naive model: looks at all that was told at once, and knows no order. Gives status, filled tenths, and the ids of the
 * fills.
 */
const model = (inputs: ReadonlyArray<Input>) => {
  const has = (tag: Input["_tag"]) => inputs.some((each) => each._tag === tag)
  const reports = inputs.flatMap((each) => (each._tag === "Report" ? [each.order] : []))
  const fills = new Map(inputs.flatMap((each) => (each._tag === "Fill" ? [[each.fill.id, each.fill] as const] : [])))
  const sum = [...fills.values()].reduce((total, each) => total + tenths(each.size), 0)
  const filled = Math.max(sum, ...reports.map((each) => tenths(each.filled)))
  const ends = reports.filter((each) => OrderModule.isEnded(each.status))
  const byTime = (ends.length > 0 ? ends : reports).toSorted(
    (left, right) => (left.exchangeTime ?? left.receivedTime) - (right.exchangeTime ?? right.receivedTime)
  )
  const size = byTime.length > 0 ? tenths(byTime.at(-1)!.size) : has("Intent") ? 10 : Number.POSITIVE_INFINITY
  const told = (status: Order.Status) => ends.some((each) => each.status === status)
  const seen = inputs.flatMap((each) =>
    each._tag === "Accepted"
      ? [each.time]
      : each._tag === "Report" && each.order.status === "open"
        ? [each.order.receivedTime]
        : []
  )
  const absences = inputs.flatMap((each) => (each._tag === "NotFound" ? [each.time] : []))
  const exists = seen.length > 0 || fills.size > 0 || reports.some((each) => each.status !== "rejected")
  const isGone = absences.length > 0 && Math.max(...absences) > Math.max(0, ...seen)
  const status = (): Order.Status => {
    if (ends.length > 0 || (exists && isGone)) {
      if (filled >= size) return "filled"
      if (told("filled") || told("cancelled")) return "cancelled"
      if (told("expired")) return "expired"
      return told("rejected") && filled === 0 ? "rejected" : "cancelled"
    }
    if (exists) return "open"
    if (has("Refused") || has("NotFound")) return "rejected"
    return has("OutcomeUnknown") ? "unknown" : "sent"
  }
  return { status: status(), filled, fills: [...fills.keys()].toSorted() }
}

/** All of it, amounts as texts, because a number remembers in itself how it was read. */
const plain = (state: OrderState.OrderState) => ({
  ...state,
  reported: Amount.write(state.reported),
  fillSize: Amount.write(state.fillSize),
  fillValue: Amount.write(state.fillValue)
})

const seen = (state: OrderState.OrderState) => ({
  status: OrderState.status(state).status,
  filled: tenths(Amount.write(OrderState.filled(state))),
  fills: [...state.fillIds].toSorted()
})

/** What may follow what. Only conclusions of our own (`rejected`, or the end of what the venue knows no more) are revised. */
const checkStep = (before: OrderState.OrderState, after: OrderState.OrderState) => {
  const [was, is] = [OrderState.status(before).status, OrderState.status(after).status]
  if (seen(after).filled < seen(before).filled) assert.fail("what is filled shrank")
  if (before.end !== undefined) assert.isTrue(OrderModule.isEnded(is), `${was} was told and became ${is}`)
  if (before.end !== undefined && was === "filled") {
    const amended = before.end.size !== after.end?.size
    assert.isTrue(is === "filled" || amended, `filled became ${is}`)
  }
  if (was !== "sent") assert.notStrictEqual(is, "sent")
  if (was === "open") assert.notInclude(["unknown", "rejected"], after.end?.status === "rejected" ? "" : is)
}

const checkWalk = (inputs: ReadonlyArray<Input>) => {
  let state = OrderState.make("a-1")
  for (const input of inputs) {
    const after = OrderState.next(state, input)
    checkStep(state, after)
    state = after
  }
  return state
}

/** Every order of the inputs, each step checked; what is common to two orders is walked once. Gives how many there were. */
const checkOrders = (
  inputs: ReadonlyArray<Input>,
  onEnd: (state: OrderState.OrderState) => void,
  state = OrderState.make("a-1")
): number => {
  if (inputs.length === 0) onEnd(state)
  return inputs.reduce(
    (walked, input, index) => {
      const after = OrderState.next(state, input)
      checkStep(state, after)
      return walked + checkOrders(inputs.toSpliced(index, 1), onEnd, after)
    },
    inputs.length === 0 ? 1 : 0
  )
}

const partly = reported({ receivedTime: 12, exchangeTime: 11, filled: "0.5", averagePrice: "100" })
const whole = reported({ receivedTime: 22, exchangeTime: 21, status: "filled", filled: "1", averagePrice: "100.5" })
const cancelled = reported({ receivedTime: 20, exchangeTime: 19, status: "cancelled", filled: "0.5", reason: "ours" })
const opened = reported({ receivedTime: 10, exchangeTime: 9 })
const halves = [filledBy("1", { receivedTime: 11 }), filledBy("2", { receivedTime: 21, price: "101" })] as const

const lives: Record<string, ReadonlyArray<Input>> = {
  "filled in two parts": [intent(), accepted, opened, halves[0], partly, halves[1], whole],
  "filled before its answer, told twice, the second time with a reason": [
    intent(),
    accepted,
    halves[0],
    halves[1],
    whole,
    reported({
      receivedTime: 23,
      exchangeTime: 21,
      status: "filled",
      filled: "1",
      reason: "EC_OrigClOrdIDDoesNotExist"
    }),
    cancelling
  ],
  "cancelled in part": [intent(), accepted, opened, halves[0], cancelling, cancelled, doubted],
  "cancelled, and filled to the end by a late fill": [intent(), accepted, cancelling, halves[0], cancelled, halves[1]],
  refused: [intent(), refused, doubted],
  "refused, and yet it is there": [intent(), refused, opened, halves[0], whole],
  "unknown, then found open": [intent(), doubted, absent(8), opened, partly, halves[0]],
  "unknown, then never found": [intent(), doubted, absent(12_000), cancelling],
  "known to the venue, then gone without an end": [intent(), accepted, opened, halves[0], absent(90_000), doubted],
  "accepted, then refused by the matching engine": [
    intent({ timeInForce: "postOnly" }),
    accepted,
    opened,
    reported({ receivedTime: 30, status: "rejected", reason: "would take" })
  ],
  "amended upwards while it fills": [
    intent(),
    accepted,
    halves[0],
    halves[1],
    reported({ receivedTime: 40, exchangeTime: 20, size: "2", filled: "1" }),
    partly,
    reported({ receivedTime: 50, exchangeTime: 45, size: "2", filled: "2", status: "filled" })
  ],
  "expired, and cancelled by us at the same time": [
    intent({ timeInForce: "ioc" }),
    halves[0],
    reported({ receivedTime: 30, status: "expired", filled: "0.5", reason: "ioc" }),
    cancelled,
    cancelling
  ]
}

const randomInput = (random: Random): Input => {
  const time = random.below(100)
  const filled = random.pick(["0", "0.5", "1"])
  return random.pick<() => Input>([
    () => intent(),
    () => ({ ...accepted, time }),
    () => refused,
    () => doubted,
    () => cancelling,
    () => absent(time),
    () => filledBy(String(random.below(3)), {}),
    () => reported({ receivedTime: time, exchangeTime: time, filled, size: random.pick(["1", "2"]) }),
    () => reported({ receivedTime: time, status: random.pick(["cancelled", "expired", "rejected", "filled"]), filled })
  ])()
}

const shuffled = <A>(random: Random, items: ReadonlyArray<A>): ReadonlyArray<A> => {
  const left = [...items]
  return items.map(() => left.splice(random.below(left.length), 1)[0]!)
}

describe("OrderState", () => {
  it.each(Object.entries(lives))("%s: every order of its events ends the same, as the model says", (_, inputs) => {
    const expected = apply(inputs)
    const text = JSON.stringify([plain(expected), [...expected.fillIds].toSorted()])
    const walked = checkOrders(inputs, (state) => {
      if (JSON.stringify([plain(state), [...state.fillIds].toSorted()]) !== text) {
        assert.deepStrictEqual(plain(state), plain(expected))
        assert.fail("differs in a way that is not seen")
      }
    })
    assert.deepStrictEqual(seen(expected), model(inputs))
    assert.strictEqual(
      walked,
      inputs.reduce((product, _, index) => product * (index + 1), 1)
    )
  })

  it("ends the same and as the model says however often and in whatever order anything is told, 3 000 times", () => {
    const random = seeded(20_261_121)
    const statuses = new Set<string>()
    for (let run = 0; run < 3_000; run++) {
      const inputs = Array.from({ length: 1 + random.below(12) }, () => randomInput(random))
      const expected = apply(inputs)
      const repeated = [
        ...inputs,
        ...inputs.filter(() => random.chance(0.5)),
        ...inputs.filter(() => random.chance(0.2))
      ]
      assert.deepStrictEqual(plain(checkWalk(shuffled(random, repeated))), plain(expected), `run ${run}`)
      assert.deepStrictEqual(seen(expected), model(inputs), JSON.stringify(inputs))
      statuses.add(OrderState.status(expected).status)
    }
    assert.deepStrictEqual(
      [...statuses].toSorted(),
      ["cancelled", "expired", "filled", "open", "rejected", "sent", "unknown"],
      "every status was met"
    )
  })

  it("tells what is missing while a report is ahead of the fills, and the exact average when none is", () => {
    const ahead = apply([intent(), whole, halves[0]])
    const complete = apply([intent(), whole, halves[0], halves[1]])
    const amounts = (state: OrderState.OrderState) => ({
      missing: Number(OrderState.missing(state).value),
      filled: OrderState.view(state)?.filled,
      averagePrice: OrderState.view(state)?.averagePrice
    })
    assert.deepStrictEqual(amounts(ahead), { missing: 5, filled: "1", averagePrice: "100.5" })
    assert.deepStrictEqual(amounts(complete), { missing: 0, filled: "1", averagePrice: "100.5" })
    const thirds = apply([intent(), filledBy("1", { size: "0.1" }), filledBy("2", { size: "0.2", price: "101" })])
    assert.strictEqual(OrderState.view(thirds)?.averagePrice, "100.666666667")
  })

  it("says what an order of somebody else is from its reports, and nothing from fills alone", () => {
    assert.isUndefined(OrderState.view(apply([halves[0], accepted])))
    assert.deepStrictEqual(OrderState.view(apply([partly])), {
      type: "order",
      venue: "paper",
      exchangeTime: 11,
      receivedTime: 12,
      symbol: "BTCUSDT",
      clientOrderId: "a-1",
      venueOrderId: "v-1",
      side: "buy",
      kind: "limit",
      size: "1",
      price: "100",
      status: "open",
      filled: "0.5",
      averagePrice: "100"
    })
  })
})
