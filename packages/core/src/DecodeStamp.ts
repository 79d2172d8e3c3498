/**
 * When an event left its decoder, taken of one event each time somebody asks: for how long frames wait between their socket
 * and a handler. Of one thread: what is decoded in another is not seen.
 *
 * Guarantees: nobody asks, nothing is read; a question is answered by the next event that any socket's frame tells, of
 * whatever channel.
 */
import { receiveTime } from "./receiveTime.ts"

export const stamp = {
  /** The next event is to be stamped. */
  isWanted: false,
  /** Of the event that was stamped last: when its frame was received and when it left the decoder, epoch ms. */
  receivedTime: 0,
  decodedTime: 0
}

/** For the reader of frames, with what it has decoded. */
export const answer = (receivedTime: number): void => {
  stamp.isWanted = false
  stamp.receivedTime = receivedTime
  stamp.decodedTime = receiveTime()
}

/** Epoch ms with microseconds, as the receive stamps: for whoever measures from one. */
export const now = receiveTime
