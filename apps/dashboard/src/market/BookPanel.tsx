/** The book as a ladder. A book that is not live has no levels here, and says why. */
import { useEffect, useRef } from "preact/hooks"
import { read } from "../api/client.ts"
import type { BookAnswer } from "../api/Stream.ts"
import * as Connectivity from "../live/Connectivity.ts"
import { useCell } from "../live/Cell.ts"
import * as Clock from "../live/clock.ts"
import { socketState } from "../live/LiveSocket.ts"
import { None, Panel } from "../parts/Panel.tsx"
import { State } from "../parts/State.tsx"
import { ofBook } from "../parts/Tone.ts"
import { Ladder } from "./Ladder.tsx"
import { LiveBook } from "./LiveBook.ts"
import { useEvents } from "./useEvents.ts"

/** Levels asked for; more than are shown, since changes remove some. */
const DEPTH = 200

/** Levels below those asked for are not known, so the book is read anew now and then. */
const REREAD_MS = 20_000

interface Properties {
  readonly venue: string
  readonly symbol: string
}

export const BookPanel = ({ symbol, venue }: Properties) => {
  const kept = useRef<LiveBook>(undefined)
  const book = (kept.current ??= new LiveBook())
  const socket = useCell(socketState)
  const failure = useRef<string>(undefined)
  const load = async () => {
    book.begin()
    try {
      const path = `/api/books/${encodeURIComponent(venue)}/${encodeURIComponent(symbol)}?depth=${DEPTH}`
      book.snapshot(await read<BookAnswer>(path))
      failure.current = undefined
      Connectivity.answered()
    } catch (error) {
      failure.current = error instanceof Error ? error.message : String(error)
    }
  }
  const loading = useRef(load)
  loading.current = () => load().then(draw)
  const draw = useEvents({
    venue,
    symbol,
    types: ["book", "bookState"],
    begun: () => void loading.current(),
    event: (event) => {
      if (event.type === "book") book.change(event)
      else if (event.type === "bookState") {
        book.became(event)
        if (event.state === "live" && !book.isWhole) void loading.current()
      }
    }
  })
  useEffect(() => Clock.every(REREAD_MS, () => socketState.get() === "open" && void loading.current()), [])
  const isFollowed = socket === "open"
  return (
    <Panel
      title="Book"
      class="book"
      aside={
        book.state !== undefined && (
          <State tone={isFollowed ? ofBook[book.state] : "warn"}>{isFollowed ? book.state : "not followed"}</State>
        )
      }
    >
      {book.state === "live" && isFollowed && book.sequence > 0 ? (
        <Ladder book={book} />
      ) : (
        <None>{whyNot(book, isFollowed, failure.current)}</None>
      )}
    </Panel>
  )
}

const whyNot = ({ reason, state }: LiveBook, isFollowed: boolean, failure: string | undefined): string => {
  if (!isFollowed) return "Not connected to the events: no book is shown that may be old."
  if (state === undefined) return failure ?? "Asking for the book."
  if (state === "stale")
    return `The book has a hole and is not to be relied on${reason === undefined ? "" : `: ${reason}`}.`
  return state === "syncing" ? "The book is being built anew." : "Reading the book."
}
