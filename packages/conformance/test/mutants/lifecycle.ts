/** Venues that open, change or end their feeds wrongly, or say of themselves what is not so. */
import { type VenueAdapter, VenueError } from "@tidewire/core"
import * as Effect from "effect/Effect"
import { assert } from "vitest"
import * as Scope from "effect/Scope"
import * as SubscriptionRef from "effect/SubscriptionRef"
import { reference } from "../reference/subject.ts"
import { adapter, changing, claiming, feed } from "./broken.ts"
import type { Mutants } from "./table.ts"

/** The feed outlives the scope it was opened in. */
export const leaking = adapter(({ open }) => ({
  open: (wanted, emit) => Effect.flatMap(Scope.make(), (scope) => Scope.provide(open(wanted, emit), scope))
}))

/** Changes everything to change anything. */
const restarting = feed(({ update }) => ({
  update: (wanted, reasons) => Effect.andThen(update([], reasons), update(wanted, reasons))
}))

export const lifecycle: Mutants = {
  "LC-1": [
    [
      "a plan forgets a subscription",
      adapter(({ plan }) => ({
        plan: (wanted) => plan(wanted.slice(1))
      })),
      "the subscriptions of the plan"
    ],
    [
      "a plan names connections by chance",
      adapter(({ plan }) => {
        let plans = 0
        return {
          plan: (wanted) => {
            plans++
            const { connections, notes } = plan(wanted)
            return { notes, connections: connections.map((each) => ({ ...each, name: `${each.name}-${plans}` })) }
          }
        }
      }),
      "the second plan"
    ]
  ],
  "LC-2": [
    [
      "open waits until it is connected",
      adapter(({ open }) => ({ open: (wanted, emit) => Effect.tap(open(wanted, emit), Effect.sleep("1 second")) })),
      "Active when open returned"
    ]
  ],
  "LC-3": [
    [
      "every connection is said to be Active",
      adapter(({ open, plan }) => ({
        open: (wanted, emit) =>
          Effect.gen(function* () {
            const status = {
              state: "Active",
              attempt: 0,
              reason: undefined,
              since: 0,
              reconnects: 0,
              rotations: 0
            } as const
            const names = plan(wanted).connections.map(({ name }) => [name, { name, ...status }] as const)
            const states: ReadonlyMap<string, VenueAdapter.ConnectionStatus> = new Map(names)
            return { ...(yield* open(wanted, emit)), states: yield* SubscriptionRef.make(states) }
          })
      })),
      "without the venue's confirmation"
    ],
    [
      "a state is not told",
      changing("connection", (event) => (event.state === "Active" ? undefined : event)),
      "the states told last"
    ]
  ],
  "LC-4": [
    ["the feed outlives its scope", leaking, "the last states of the subscriptions"],
    [
      "an end is not told",
      changing("subscription", (event) => (event.state === "ended" ? undefined : event)),
      "the last states of the subscriptions"
    ]
  ],
  "LC-5": [
    ["an update restarts what stays", restarting, "what was told of what stays"],
    [
      "an update forgets the reasons",
      feed(({ update }) => ({ update: (wanted) => update(wanted) })),
      "the end of what went"
    ],
    [
      "an update loses a trade of what stays",
      changing("trade", (event) => (event.symbol === "BBBUSD" && event.id.endsWith("5") ? undefined : event)),
      "neither told nor inside a gap"
    ]
  ],
  "LC-6": [["an update restarts what stays", restarting, "states told and connections dialled"]],
  "LC-7": [
    [
      "what is not claimed is passed over",
      adapter(({ open }) => ({
        open: (wanted, emit) =>
          open(
            wanted.filter(({ channel }) => channel === "trades"),
            emit
          )
      })),
      "which is not claimed, succeeded"
    ],
    [
      "the refusal is no venue's error",
      adapter(({ open }) => ({ open: (wanted, emit) => Effect.orDie(open(wanted, emit)) })),
      "died"
    ]
  ],
  "LC-8": [
    [
      "unified spellings are the venue's own",
      adapter(({ instruments }) => ({
        instruments: Effect.map(instruments, (all) => all.map((each) => ({ ...each, unified: each.symbol })))
      })),
      "not an instrument"
    ],
    [
      "an instrument is listed twice",
      adapter(({ instruments }) => ({ instruments: Effect.map(instruments, (all) => [...all, ...all]) })),
      "distinct symbols"
    ]
  ],
  "LC-9": [
    [
      "nothing is said of what does not exist",
      changing("subscription", (event) => (event.symbol === "NONESUCH" ? undefined : event)),
      "a word about NONESUCH"
    ]
  ],
  "LC-10": [
    [
      "a read is claimed that is not there",
      adapter(({ history }) => ({ history: { trades: history!.trades!, recentTrades: history!.recentTrades! } })),
      "history.bars, claimed and there"
    ],
    [
      "a read is there that is not claimed",
      claiming({ history: { ...reference.capabilities.history, trades: false } }),
      "history.trades, claimed and there"
    ],
    [
      "a read of what is now is claimed that is not there",
      adapter(({ present }) => ({ present: { url: present!.url } })),
      "present.quotes, claimed and there"
    ],
    [
      "what is announced is not what is claimed",
      adapter(({ capabilities }) => ({ capabilities: { ...capabilities, depths: [] } })),
      "the capabilities"
    ]
  ],
  "LC-12": [
    ["a feed that has ended says that it rotates", leaking, "rotated, reset, counted, and a live book"],
    [
      "a feed that has ended cannot be asked",
      adapter(({ open }) => ({
        open: (wanted, emit) =>
          Effect.gen(function* () {
            const made = yield* open(wanted, emit)
            let isOver = false
            yield* Effect.addFinalizer(() => Effect.sync(() => (isOver = true)))
            const samples = () => (isOver ? assert.fail("ended") : made.samples())
            return { ...made, samples }
          })
      })),
      "thrown by a feed that has ended"
    ],
    [
      "an update after the end begins again",
      adapter(({ open }) => ({
        open: (wanted, emit) =>
          Effect.map(open(wanted, emit), (made) => ({
            ...made,
            update: (next, reasons) =>
              Effect.andThen(
                made.update(next, reasons),
                Effect.flatMap(Scope.make(), (scope) => Scope.provide(open(next, emit), scope))
              )
          }))
      })),
      "events and dials"
    ]
  ],
  "LC-11": [
    [
      "the second feed takes the first one's events",
      adapter(({ open }) => {
        let latest: Parameters<typeof open>[1] = () => {}
        return {
          open: (wanted, emit) => {
            latest = emit
            return open(wanted, (event) => latest(event))
          }
        }
      }),
      "more trades of AAAUSD"
    ],
    [
      "the close of one feed kills the other's connection",
      adapter(({ open }, { faults }) => ({
        open: (wanted, emit) =>
          Effect.andThen(
            Effect.addFinalizer(() => faults.kill!("AAAUSD")),
            open(wanted, emit)
          )
      })),
      "the second"
    ]
  ]
}

/** A venue that must be up when it is opened. */
export const fastidious = adapter(({ open, venue }) => ({
  open: (wanted, emit) =>
    Effect.gen(function* () {
      const made = yield* open(wanted, emit)
      yield* Effect.sleep("300 millis")
      if ([...made.states.value.values()].some(({ state }) => state === "Active")) return made
      const reason = new VenueError.ConnectionFailed({ message: "down" })
      return yield* new VenueError.VenueError({ venue, operation: "open", reason })
    })
}))
