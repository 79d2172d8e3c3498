/** One message of a stream, as plain data and as text. */

export type Payload = Readonly<Record<string, unknown>>

/** A payload, or the rows of a stream of all symbols. */
export type Message = Payload | ReadonlyArray<Payload>

export type TimeUnit = "ms" | "us"

export interface Frame {
  readonly stream: string
  readonly symbol: string | undefined
  readonly payload: Message
  readonly text: string
  readonly unit: TimeUnit
}

/** The frame with something else in it. */
export const again = (frame: Frame, payload: Message): Frame => ({ ...frame, payload, text: JSON.stringify(payload) })

/** What faults must know of a venue's frames. */
export interface FrameRules {
  /** A clock that is off by so many milliseconds. */
  readonly skewed: (frame: Frame, offsetMs: number) => Frame
  /** The frame changes a book that came before it. */
  readonly isDiff: (frame: Frame) => boolean
  /** A diff with one more row, which deletes a level that nobody has. */
  readonly withZeroLevel: (frame: Frame) => Frame
  readonly isClosingBar: (frame: Frame) => boolean
  /** Keys that say what a frame is: they outlive a mangling. */
  readonly naming: ReadonlyArray<string>
}
