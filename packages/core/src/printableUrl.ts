/**
 * A URL as it may be shown: without user, password, and the values of its query.
 */
export const printableUrl = (text: string): string => {
  if (!URL.canParse(text)) return text
  const url = new URL(text)
  url.username = ""
  url.password = ""
  const query = [...url.searchParams.keys()].map((key) => `${key}=…`).join("&")
  url.search = ""
  url.hash = ""
  return `${url.href}${query === "" ? "" : `?${query}`}`
}
