/**
 * Frames to events, on the hot path: synchronous, and no input makes it throw. One reader for each kind of frame, in
 * `decode/` once there are several; each row of a frame tells the sink what it is, or why it is nothing.
 *
 * Not written yet: every frame is counted as malformed.
 * Source: docs/venues/newvenue.md, "Channels" and "Control frames".
 */
import { Frame, type SocketVenue } from "@tidewire/core"

/** Makes the decoder of one session; events carry `venue`. */
export const make = (venue: string) => (): SocketVenue.Decode => (frame, _receivedTime, sink) =>
  sink.malformed(`src/decode.ts is not written yet; ${venue} sent ${Frame.text(frame).length} characters`)
