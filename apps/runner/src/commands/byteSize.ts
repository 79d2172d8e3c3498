/** Sizes as people write them: `500MB`, `20 GB`, `1048576`. */
const UNITS: Readonly<Record<string, number>> = { "": 1, b: 1, kb: 1e3, mb: 1e6, gb: 1e9, tb: 1e12 }

/** In bytes; `undefined` for what is no size, or none of anything. */
export const parse = (text: string): number | undefined => {
  const [, digits, unit] = /^\s*(\d+(?:\.\d+)?)\s*([kmgt]?b?)\s*$/i.exec(text) ?? []
  const factor = UNITS[unit?.toLowerCase() ?? "?"]
  if (digits === undefined || factor === undefined) return undefined
  const bytes = Math.floor(Number(digits) * factor)
  return bytes > 0 ? bytes : undefined
}
