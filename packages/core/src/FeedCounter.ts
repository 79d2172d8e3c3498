/**
 * What a feed counts, in plain fields that the hot path may touch, and the last samples of frames that were not read.
 */
import type { FeedCounts } from "./VenueAdapter.ts"

/** How many samples are kept; the oldest give way. */
const MOST_SAMPLES = 20

/** How much of a frame a sample shows, in characters. */
const SAMPLE_LENGTH = 300

export class FeedCounter implements Omit<FeedCounts, "resyncs"> {
  /** Signs of life on all sockets (frames, pings, pongs): the order in which things happened on different sockets. */
  signs = 0
  /** A ping of ours has been answered on one of them, so that an answer that does not come means something. */
  answersPings = false
  frames = 0
  events = 0
  malformed = 0
  unknown = 0
  duplicates = 0
  gaps = 0
  reconnects = 0
  rotations = 0
  audits = 0
  drifts = 0
  inexact = 0
  fallbacks = 0
  readonly samples: Array<{ readonly reason: string; readonly sample: string }> = []

  sample(reason: string, frame: string): void {
    const sample = frame.slice(0, SAMPLE_LENGTH)
    if (this.samples.length === MOST_SAMPLES) this.samples.shift()
    this.samples.push({ reason, sample })
  }

  /** The counts as they are now; resynchronisations are counted by the books. */
  current(): Omit<FeedCounts, "resyncs"> {
    const { audits, drifts, duplicates, events, fallbacks, frames, gaps, inexact, malformed, unknown } = this
    const { reconnects, rotations } = this
    const seen = { frames, events, malformed, unknown, fallbacks, inexact, duplicates, gaps }
    return { ...seen, reconnects, rotations, audits, drifts }
  }
}
