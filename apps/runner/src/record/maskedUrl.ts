/**
 * An address as it may be stored: without user, password, the values of parameters that are secret by their name or their length,
 * and the keys that some venues want in the path (parts as long as no name is).
 *
 * Guarantees: what is masked once is not changed by masking it again, so that what was recorded under an address is found under it.
 */
const LONG = 32
const KEY = new RegExp(`[^/]{${LONG},}`, "g")

/** Parameters by which venues know an account. */
export const SECRET = /sign|secret|token|key|auth|pass/i

const MASK = "-"

/** Other text is given back as it is. */
export const maskedUrl = (text: string): string => {
  if (!URL.canParse(text)) return text
  const url = new URL(text)
  const secret = [...url.searchParams].filter(([name, value]) => SECRET.test(name) || value.length >= LONG)
  if (url.username === "" && url.password === "" && secret.length === 0 && !hasKey(url)) return text
  url.username = ""
  url.password = ""
  for (const [name] of secret) url.searchParams.set(name, MASK)
  url.pathname = url.pathname.replaceAll(KEY, MASK)
  return url.href
}

/** Whether a part of the path may be a key. */
export const hasKey = (url: URL): boolean => url.pathname.split("/").some((part) => part.length >= LONG)
