/**
 * A URL as it may be shown: without user, password, the values of its query, and the keys that some venues want in the path.
 */

/** A part of a path that is as long as no name is. */
const KEY = /[^/?]{32,}/g

export const printableUrl = (text: string): string => {
  if (!URL.canParse(text)) return text
  const url = new URL(text)
  url.username = ""
  url.password = ""
  const query = [...url.searchParams.keys()].map((key) => `${key}=…`).join("&")
  url.search = ""
  url.hash = ""
  const path = url.pathname.replaceAll(KEY, "…")
  return `${url.origin === "null" ? `${url.protocol}//${url.host}` : url.origin}${path}${query === "" ? "" : `?${query}`}`
}
