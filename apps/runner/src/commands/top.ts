/**
 * `tidewire top`: a running instance, over its API. On a terminal a table that follows it; elsewhere one snapshot, or one after
 * another where `--every` is given.
 */
import { DurationText } from "@tidewire/core"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as FetchHttpClient from "effect/http/FetchHttpClient"
import * as Redacted from "effect/Redacted"
import * as Deferred from "effect/Deferred"
import { given, type Problem } from "../configuration/Problem.ts"
import * as Standard from "../output/standard.ts"
import { Failed } from "../process/exit.ts"
import * as Signals from "../process/signals.ts"
import * as Live from "../top/Live.ts"
import { render } from "../top/render.ts"
import * as Snapshot from "../top/Snapshot.ts"
import * as View from "../top/View.ts"
import * as CommandLine from "./commandLine.ts"

export interface Flags {
  readonly url: string
  readonly tokenEnv: string | undefined
  readonly every: string | undefined
  readonly once: boolean
  readonly format: "text" | "json"
}

const TOKEN = "TIDEWIRE_TOKEN"

const EVERY = Duration.seconds(1)
const LEAST_EVERY = Duration.millis(200)

export const top = Effect.fnUntraced(
  function* (flags: Flags) {
    const { every, target } = yield* read(flags)
    const stopped = yield* Signals.stopRequested
    const isLive = process.stdout.isTTY && process.stdin.isTTY && !flags.once && flags.format === "text"
    const watching = isLive ? Live.run(target, every ?? EVERY) : plainly(target, flags, every)
    const ended = Effect.mapError(
      Effect.asVoid(watching),
      ({ message }) => new Failed({ message, context: { url: target.url.origin } })
    )
    yield* Effect.raceAllFirst([ended, Effect.asVoid(stopped), Deferred.await(Standard.closed)])
  },
  Effect.scoped,
  Effect.provide(FetchHttpClient.layer)
)

const plainly = (target: Snapshot.Target, { format, once }: Flags, every: Duration.Duration | undefined) => {
  const isOnce = once || every === undefined
  const told = Effect.flatMap(Snapshot.read(target), (snapshot) => {
    if (format === "json") return Standard.print(JSON.stringify(snapshot))
    const text = render(snapshot, View.initial)
    return Standard.print(isOnce ? text : `${text}\n`)
  })
  if (isOnce) return told
  // one who watches for hours outlives a restart of what he watches
  const once_ = Effect.catchIf(
    told,
    ({ isFinal }) => !isFinal,
    ({ message }) => Effect.logWarning(message)
  )
  return Effect.forever(Effect.andThen(once_, Effect.sleep(every)))
}

const read = Effect.fnUntraced(function* ({ every: everyText, tokenEnv, url: text }: Flags) {
  const problems: Array<Problem> = []
  const url = urlOf(text, problems)
  const every = everyText === undefined ? undefined : DurationText.parse(everyText)
  if (everyText !== undefined && (every === undefined || Duration.isLessThan(every, LEAST_EVERY))) {
    const message = `${given(everyText)} is no duration of at least ${Duration.format(LEAST_EVERY)}; expected one such as 1s`
    problems.push({ path: "--every", message })
  }
  const token = process.env[tokenEnv ?? TOKEN]
  if (tokenEnv !== undefined && (token === undefined || token === "")) {
    problems.push({ path: "--token-env", message: `the environment variable ${tokenEnv} is not set` })
  }
  if (url === undefined || problems.length > 0) return yield* CommandLine.bad(problems)
  const target: Snapshot.Target = { url, token: token === undefined || token === "" ? undefined : Redacted.make(token) }
  return { target, every }
})

const urlOf = (text: string, problems: Array<Problem>): URL | undefined => {
  const url = URL.parse(text)
  const say = (message: string) => void problems.push({ path: "--url", message })
  if (url === null || (url.protocol !== "http:" && url.protocol !== "https:")) {
    say("is no URL of an instance; expected one such as http://127.0.0.1:8080")
  } else if (url.username !== "" || url.password !== "" || url.search !== "" || url.hash !== "") {
    say("has a user, a password or a query; expected none: a token comes from the environment")
  } else return url
  return undefined
}
