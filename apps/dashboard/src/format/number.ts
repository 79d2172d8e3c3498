/** Numbers as they are read: grouped, with as many digits as say something. What is absent is a dash. */
export const ABSENT = "–"

const grouped = new Intl.NumberFormat("en-GB", { maximumFractionDigits: 0 })
const oneDigit = new Intl.NumberFormat("en-GB", { minimumFractionDigits: 1, maximumFractionDigits: 1 })

export const count = (value: number | undefined): string => (value === undefined ? ABSENT : grouped.format(value))

/** A rate a second: `0`, `0.3`, `25.4`, `1,204`. */
export const rate = (value: number | undefined): string => {
  if (value === undefined) return ABSENT
  return value === 0 || value >= 100 ? grouped.format(value) : oneDigit.format(value)
}

/** `212 MB` */
export const bytes = (value: number): string => `${grouped.format(value / 1_048_576)} MB`

/** Digits behind the point of a plain number. */
const digits = (value: number): number => {
  const text = String(value)
  const exponent = /e-(\d+)$/.exec(text)
  const point = text.indexOf(".")
  const shown = point < 0 ? 0 : text.replace(/e.*/, "").length - point - 1
  return shown + (exponent === null ? 0 : Number(exponent[1]))
}

/** As many as the one of these numbers has that has most, so that they stand in a column. */
export const decimals = (values: ReadonlyArray<number>): number =>
  values.reduce((most, value) => Math.max(most, digits(value)), 0)

export const fixed = (value: number, places: number): string =>
  value.toLocaleString("en-GB", {
    minimumFractionDigits: Math.min(20, places),
    maximumFractionDigits: Math.min(20, places)
  })

/** `0.0016`, `1.2`, `12` */
export const significant = (value: number): string => value.toLocaleString("en-GB", { maximumSignificantDigits: 2 })

/** An amount of money, which is decimal text: to its last digit, or cut (not rounded) behind so many. */
export const amount = (text: string | undefined, places = Infinity): string => {
  if (text === undefined) return ABSENT
  const [whole = "0", fraction = ""] = text.replace(/^-/, "").split(".")
  const shown = fraction.slice(0, places).replace(/0+$/, "")
  const isZero = /^0*$/.test(whole) && shown === ""
  const sign = text.startsWith("-") && !isZero ? "−" : ""
  return `${sign}${whole.replace(/\B(?=(\d{3})+$)/g, ",")}${shown === "" ? "" : `.${shown}`}`
}

export const isNegative = (text: string): boolean => text.startsWith("-") && /[1-9]/.test(text)

/** A profit or loss always has its sign, and two digits behind the point at least. */
export const signed = (text: string | undefined, places = 2): string => {
  if (text === undefined) return ABSENT
  const [whole, fraction = ""] = amount(text, places).split(".")
  const shown = `${whole}.${fraction.padEnd(2, "0")}`
  return shown.startsWith("−") || shown === "0.00" ? shown : `+${shown}`
}
