/**
 * The `proxy` of a venue entry: where it is, and who may use it. Users and passwords come from the environment only, and
 * are shown nowhere.
 */
import * as Redacted from "effect/Redacted"
import { given, type Path, type Problem, problem } from "../configuration/Problem.ts"
import * as Secrets from "../configuration/secrets.ts"

export interface Proxy {
  /** With user and password. */
  readonly url: Redacted.Redacted<URL>
  /** Without. */
  readonly shown: string
}

export interface Read {
  readonly value: Proxy | undefined
  readonly problems: ReadonlyArray<Problem>
}

const protocols = ["http:", "https:", "socks:", "socks4:", "socks4a:", "socks5:", "socks5h:"]

const expected = 'expected http://host:port, https://…, socks5://…, socks5h://… or socks4://…, or { "env": "NAME" }'

/** A proxy as it is written: a URL, or the name of the variable that holds one. */
export const read = (
  input: string | { readonly env: string } | undefined,
  at: Path,
  environment: Secrets.Environment
): Read => {
  if (input === undefined) return { value: undefined, problems: [] }
  const { problems, value } = Secrets.resolve(input, at, environment)
  if (problems.length > 0) return { value: undefined, problems }
  const isSecret = typeof input !== "string"
  const text = String(value)
  const url = parse(text)
  if (url === undefined) {
    const what = isSecret ? "the value from the environment" : text.includes("@") ? "this" : given(text)
    return { value: undefined, problems: [problem(at, `${what} is no proxy; ${expected}`)] }
  }
  if (!isSecret && (url.username !== "" || url.password !== "")) {
    const message = 'names a user or a password, which come from the environment only; expected { "env": "NAME" }'
    return { value: undefined, problems: [problem(at, `${message} and the whole URL in that variable`)] }
  }
  return { value: { url: Redacted.make(url), shown: `${url.protocol}//${url.host}` }, problems: [] }
}

const parse = (text: string): URL | undefined => {
  const url = URL.parse(text)
  const isRight =
    url !== null &&
    protocols.includes(url.protocol) &&
    url.hostname !== "" &&
    (url.pathname === "" || url.pathname === "/") &&
    url.search === "" &&
    url.hash === ""
  return isRight ? url : undefined
}
