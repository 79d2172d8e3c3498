/** Venues that do not get over a fault, or get over it in silence; and those that do not hold back. */
import { ConnectionOptions, type Event } from "@tidewire/core"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type { Subject } from "../../src/index.ts"
import { reference } from "../reference/subject.ts"
import { adapter, changing, exchange, feed, telling } from "./broken.ts"
import { fastidious, leaking } from "./lifecycle.ts"
import { losing, repeating } from "./market.ts"
import type { Mutants } from "./table.ts"

/** Nothing is told any more once nothing has come for two seconds. */
const resigned = telling(() => {
  let last: number | undefined
  return (event, emit) => {
    if (event.type !== "trade") return emit(event)
    if (event.receivedTime - (last ?? event.receivedTime) > 1_500) return
    last = event.receivedTime
    emit(event)
  }
})

const shared: Subject = {
  ...reference,
  open: (connection) => reference.open({ ...connection, isolation: "shared" })
}

const single: Subject = {
  ...reference,
  open: (connection) => reference.open({ ...connection, redundancy: 1 })
}

const impatient: Subject = {
  ...reference,
  open: (connection) => {
    const { reconnect = ConnectionOptions.defaults.reconnect } = connection
    const zero = { base: Duration.zero, max: Duration.zero }
    return reference.open({ ...connection, reconnect: { ...reconnect, ...zero } })
  }
}

/** Whoever asks the feed from inside `emit` is refused. */
const touchy = adapter(({ open }) => ({
  open: (wanted, emit) => {
    let isEmitting = false
    const told = (event: Event.Event): void => {
      isEmitting = true
      emit(event)
      isEmitting = false
    }
    return Effect.map(open(wanted, told), (made) => ({
      ...made,
      samples: () => {
        if (isEmitting) throw new Error("not from inside emit")
        return made.samples()
      }
    }))
  }
}))

const withoutGaps = changing("gap", () => undefined)

export const resilience: Mutants = {
  "RS-1": [
    [
      "what was missed is not told",
      changing("trade", (event) => (event.origin === "backfill" ? undefined : event)),
      "neither told nor inside a gap"
    ],
    [
      "the loss is not told",
      changing("connection", (event) => (event.state === "Reconnecting" ? undefined : event)),
      "the loss was not told"
    ]
  ],
  "RS-2": [
    ["symbols share a connection in secret", shared, "no note says why"],
    [
      "the loss of one is everybody's",
      exchange(({ faults }) => ({
        faults: { ...faults, kill: (symbol) => Effect.andThen(faults.kill!(symbol), faults.kill!("BBBUSD")) }
      })),
      "the other"
    ]
  ],
  "RS-3": [["it is tried again at once", impatient, "attempts in 2 s"]],
  "RS-4": [["a silent connection is waited for", resigned, "5 more trades of AAAUSD"]],
  "RS-5": [
    ["what comes twice is told twice", repeating, "told twice"],
    [
      "it is not counted",
      feed(({ counts }) => ({ counts: () => ({ ...counts(), duplicates: 0 }) })),
      "duplicates counted"
    ]
  ],
  "RS-6": [
    [
      "it is not counted",
      feed(({ counts }) => ({ counts: () => ({ ...counts(), malformed: 0 }) })),
      "the message counted"
    ],
    ["no sample is kept", feed(() => ({ samples: () => [] })), "the sample says"]
  ],
  "RS-7": [["a venue that is down cannot be opened", fastidious, "open: "]],
  "RS-8": [
    ["nothing is replaced", feed(() => ({ rotate: () => [] })), "what rotates by name"],
    ["trades come twice meanwhile", repeating, "told twice"],
    [
      "what is to be replaced is killed",
      adapter(({ open }, { faults }) => ({
        open: (wanted, emit) =>
          Effect.map(open(wanted, emit), (made) => ({
            ...made,
            rotate: (name?: string) => {
              const begun = made.rotate(name)
              Effect.runSync(faults.kill!("BBBUSD"))
              return begun
            }
          }))
      })),
      "all"
    ]
  ],
  "RS-9": [
    ["nothing is reset", feed(() => ({ reset: () => [] })), "what was reset"],
    [
      "what is reset goes on waiting",
      feed(({ states }) => ({ reset: () => [...states.value.keys()] })),
      "Active after the reset"
    ]
  ],
  "RS-10": [
    [
      "a failing request ends the stream",
      exchange(({ faults }) => ({
        faults: {
          ...faults,
          rest: (status, forMs) => Effect.andThen(faults.rest!(status, forMs), faults.kill!("AAAUSD"))
        }
      })),
      "gaps and reconnects"
    ],
    [
      "a failed listing is an empty one",
      adapter(({ instruments }) => ({ instruments: Effect.orElseSucceed(instruments, () => []) })),
      "the listing succeeded"
    ]
  ],
  "RS-11": [["what is missing is not told", withoutGaps, "a gap"]],
  "RS-12": [
    ["one socket is opened in secret", single, "one connection is planned"],
    ["what two sockets bring is told twice", repeating, "told twice"]
  ],
  "BP-1": [["trades are lost on the way", losing, "lost; "]],
  "BP-2": [
    ["a pause is granted and not made", feed(() => ({ pause: () => true })), "trades while paused"],
    [
      "what is paused is lost",
      changing("trade", (event) => (event.exchangeTime! < event.receivedTime - 200 ? undefined : event)),
      "neither told nor inside a gap"
    ]
  ],
  "BP-3": [["the feed may not be asked from inside emit", touchy, "not from inside emit"]],
  "BP-4": [["the feed outlives the stream", leaking, "emitted and delivered afterwards"]]
}
