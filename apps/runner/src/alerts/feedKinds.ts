/** Rules about venues and their connections; a subject is `venue` or `venue/connection`. */
import type { VenueAdapter } from "@tidewire/core"
import { because, type Find, growing, type Kinds } from "./Kind.ts"
import type { Picture } from "./Picture.ts"

export const feedKinds: Kinds<"connection" | "circuit" | "venue" | "malformed" | "fallbacks" | "drift" | "reconnects"> =
  {
    connection: {
      severity: "warning",
      forMs: 30_000,
      make: () => connections((state) => state !== "Active" && state !== "Failed" && state !== "Stopped")
    },
    circuit: { severity: "critical", forMs: 0, make: () => connections((state) => state === "Failed") },
    venue: {
      severity: "critical",
      forMs: 0,
      make:
        () =>
        ({ venues }) =>
          venues.flatMap(({ failure, name }) =>
            failure === undefined ? [] : [{ subject: name, message: `could not be opened: ${failure}` }]
          )
    },
    malformed: {
      severity: "warning",
      forMs: 0,
      make: (entry) =>
        growing(
          entry,
          ofFeeds(({ malformed }) => malformed),
          (grown, span) => `${grown} frames could not be read in the last ${span}`
        )
    },
    fallbacks: {
      severity: "info",
      forMs: 0,
      make: (entry) =>
        growing(
          entry,
          ofFeeds(({ fallbacks }) => fallbacks),
          (grown, span) =>
            `${grown} frames were read the slow way in the last ${span}: has the venue changed its format?`
        )
    },
    drift: {
      severity: "critical",
      forMs: 0,
      make: (entry) =>
        growing(
          entry,
          ofFeeds(({ drifts }) => drifts),
          (grown, span) => `${grown} books differed from the venue's in the last ${span}`
        )
    },
    reconnects: {
      severity: "warning",
      forMs: 0,
      make: (entry) =>
        growing(
          entry,
          ({ venues }) =>
            venues.flatMap(({ connections, name }) =>
              connections.map((each) => [`${name}/${each.name}`, each.reconnects] as const)
            ),
          (grown, span) => `${grown} sessions were lost in the last ${span}`
        )
    }
  }

const connections =
  (isWrong: (state: VenueAdapter.ConnectionStatus["state"]) => boolean): Find =>
  ({ venues }) =>
    venues.flatMap(({ connections, name }) =>
      connections
        .filter(({ state }) => isWrong(state))
        .map(({ attempt, name: connection, reason, state }) => ({
          subject: `${name}/${connection}`,
          message: `${state}${attempt > 0 ? `, attempt ${attempt}` : ""}${because(reason)}`
        }))
    )

const ofFeeds =
  (count: (counts: VenueAdapter.FeedCounts) => number) =>
  ({ venues }: Picture) =>
    venues.flatMap(({ counts, name }) => (counts === undefined ? [] : [[name, count(counts)] as const]))
