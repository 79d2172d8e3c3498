/** A socket driver whose sockets are written down, as far as they may be (`OpenOptions.recordAs`). */
import type { Socket } from "@tidewire/core"
import * as Effect from "effect/Effect"
import { maskedUrl } from "./maskedUrl.ts"
import type { Recorder } from "./Recorder.ts"
import { type Closed, type Dial, Kind, type Refused } from "./Tape.ts"

type Driver = Socket.SocketDriver["Service"]

const NOTHING = ""

export const over = (driver: Driver, recorder: Recorder, venue: string): Driver => ({
  canPause: driver.canPause,
  open: (url, handlers, options) => {
    const { recordAs: connection } = options
    if (connection === undefined) return driver.open(url, handlers, options)
    return Effect.suspend(() => {
      const dial: Dial = { venue, connection, url: maskedUrl(url) }
      const number = recorder.dial(JSON.stringify(dial))
      const came = (kind: Kind, payload = NOTHING): void => recorder.came(kind, number, payload)
      return Effect.acquireRelease(Effect.void, () => Effect.sync(() => came(Kind.left))).pipe(
        Effect.andThen(
          driver.open(
            url,
            {
              onMessage: (frame, isText, receivedTime) => {
                recorder.frame(number, receivedTime, frame, isText)
                handlers.onMessage(frame, isText, receivedTime)
              },
              onPing: () => {
                came(Kind.ping)
                handlers.onPing()
              },
              onPong: () => {
                came(Kind.pong)
                handlers.onPong()
              },
              onClose: (code, reason) => {
                came(Kind.closed, JSON.stringify({ code, reason } satisfies Closed))
                handlers.onClose(code, reason)
              }
            },
            options
          )
        ),
        Effect.tap(() => Effect.sync(() => came(Kind.opened))),
        Effect.tapError(({ message, retryAfterMs, status }) =>
          Effect.sync(() => {
            const refused: Refused = {
              message,
              ...(status !== undefined && { status }),
              ...(retryAfterMs !== undefined && { retryAfterMs })
            }
            came(Kind.refused, JSON.stringify(refused))
          })
        )
      )
    })
  }
})
