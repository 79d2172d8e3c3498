/** The scenarios of one simulator: those that run, and the last ten that ended, oldest first. */
import type { Play, Played } from "./play.ts"

export interface PlayView {
  readonly running: boolean
  /** The step that could not be done, and why. */
  readonly failed?: string
  readonly log: ReadonlyArray<Played>
}

interface Entry {
  readonly play: Play
  running: boolean
  failed: string | undefined
}

const ENDED_KEPT = 10

export class Plays {
  private entries: Array<Entry> = []

  add(play: Play): void {
    const entry: Entry = { play, running: true, failed: undefined }
    this.entries.push(entry)
    const ended = (failed?: string) => {
      entry.running = false
      entry.failed = failed
      const [oldest, ...others] = this.entries.filter(({ running }) => !running)
      if (others.length >= ENDED_KEPT) this.entries = this.entries.filter((other) => other !== oldest)
    }
    play.done.then(
      () => ended(),
      (cause: unknown) => ended(cause instanceof Error ? cause.message : String(cause))
    )
  }

  /** Ends those that run; answers how many. */
  stop(): number {
    const running = this.entries.filter((entry) => entry.running)
    for (const { play } of running) play.stop()
    return running.length
  }

  list(): Array<PlayView> {
    return this.entries.map(({ failed, play, running }) => ({
      running,
      ...(failed === undefined ? {} : { failed }),
      log: [...play.log]
    }))
  }
}
