/** What a path of the API says, asked for while the component is on the page. Components that show the same path share it. */
import { useEffect, useState } from "preact/hooks"
import * as Clock from "./clock.ts"
import { Poll, type Polled } from "./Poll.ts"

const polls = new Map<string, Poll<unknown>>()

/** Without a path nothing is asked. */
export const usePoll = <A>(
  path: string | undefined,
  everyMs: number,
  accepts: ReadonlyArray<number> = []
): Polled<A> => {
  const [, draw] = useState<{}>({})
  useEffect(() => {
    if (path === undefined) return
    const poll = polls.get(path) ?? new Poll<unknown>(path, everyMs, accepts)
    polls.set(path, poll)
    const unlisten = poll.state.listen(() => draw({}))
    if (++poll.users === 1) poll.start()
    draw({})
    return () => {
      unlisten()
      if (--poll.users > 0) return
      poll.stop()
      polls.delete(path)
    }
  }, [path])
  return path === undefined ? {} : ((polls.get(path)?.state.get() ?? {}) as Polled<A>)
}

/** Now, drawn again every second. */
export const useNow = (): number => {
  const [now, setNow] = useState(Clock.now())
  useEffect(() => Clock.every(1_000, () => document.hidden || setNow(Clock.now())), [])
  return now
}
