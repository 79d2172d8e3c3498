/** Charts as SVG text: lines over time with marks on them. Colours are the page's variables, so that it follows the reader's theme. */

export interface Line {
  /** Time and value, in the order of time. */
  readonly points: ReadonlyArray<readonly [time: number, value: number]>
  /** A class of the page. */
  readonly kind: string
  /** Down to zero. */
  readonly isFilled?: boolean
}

export interface Mark {
  readonly time: number
  readonly value: number
  readonly kind: string
  readonly title: string
}

export interface Chart {
  readonly title: string
  readonly lines: ReadonlyArray<Line>
  readonly marks?: ReadonlyArray<Mark>
  readonly from: number
  readonly to: number
}

const WIDTH = 1_000
const HEIGHT = 260
const LEFT = 84
const RIGHT = 12
const TOP = 10
const BOTTOM = 24
const GRID = 4
const MARK_SIZE = 5

export const chart = ({ from, lines, marks = [], title, to }: Chart): string => {
  const values = [
    ...lines.flatMap(({ points }) => points.map(([, value]) => value)),
    ...marks.map(({ value }) => value)
  ]
  if (lines.some(({ isFilled }) => isFilled === true)) values.push(0)
  if (values.length === 0) return `<figure><figcaption>${escape(title)}</figcaption><p>Nothing to show.</p></figure>`
  const [low, high] = range(values)
  const span = Math.max(1, to - from)
  const x = (time: number) => round(LEFT + ((time - from) / span) * (WIDTH - LEFT - RIGHT))
  const y = (value: number) => round(TOP + ((high - value) / (high - low)) * (HEIGHT - TOP - BOTTOM))
  const ticks = Array.from({ length: GRID + 1 }, (_, index) => low + ((high - low) * index) / GRID)
  const times = Array.from({ length: GRID + 1 }, (_, index) => from + (span * index) / GRID)
  return [
    `<figure><figcaption>${escape(title)}</figcaption><svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${escape(title)}">`,
    ...ticks.map(
      (value) =>
        `<line class="grid" x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${y(value)}" y2="${y(value)}"/><text x="${LEFT - 6}" y="${y(value) + 4}" text-anchor="end">${label(value, high - low)}</text>`
    ),
    ...times.map(
      (time, index) =>
        `<text x="${x(time)}" y="${HEIGHT - 6}" text-anchor="${index === 0 ? "start" : index === GRID ? "end" : "middle"}">${clock(time, span)}</text>`
    ),
    ...lines.map((line) => path(line, x, y)),
    ...marks.map((mark) => triangle(mark, x(mark.time), y(mark.value))),
    "</svg></figure>"
  ].join("\n")
}

const path = ({ isFilled, kind, points }: Line, x: (time: number) => number, y: (value: number) => number): string => {
  const [first] = points
  const last = points.at(-1)
  if (first === undefined || last === undefined) return ""
  const along = points.map(([time, value], index) => `${index === 0 ? "M" : "L"}${x(time)} ${y(value)}`).join("")
  const down = isFilled === true ? `L${x(last[0])} ${y(0)}L${x(first[0])} ${y(0)}Z` : ""
  return `<path class="${kind}" d="${along}${down}"/>`
}

/** Upwards for a buy, downwards for a sell. */
const triangle = ({ kind, title }: Mark, x: number, y: number): string => {
  const away = kind === "buy" ? MARK_SIZE : -MARK_SIZE
  return `<path class="${kind}" d="M${x} ${y}l${MARK_SIZE} ${2 * away}h${-2 * MARK_SIZE}Z"><title>${escape(title)}</title></path>`
}

const range = (values: ReadonlyArray<number>): readonly [number, number] => {
  let low = Infinity
  let high = -Infinity
  for (const value of values) {
    low = Math.min(low, value)
    high = Math.max(high, value)
  }
  if (low < high) return [low, high]
  const around = Math.abs(low) / 1_000 || 1
  return [low - around, high + around]
}

const round = (value: number): number => Math.round(value * 10) / 10

/** As many digits as tell the lines of the grid apart. */
const label = (value: number, span: number): string =>
  value.toFixed(Math.min(10, Math.max(0, 2 - Math.floor(Math.log10(span / GRID)) - 1)))

const DAY_MS = 86_400_000

const clock = (time: number, span: number): string => {
  const text = new Date(time).toISOString()
  return span > DAY_MS ? text.slice(5, 16).replace("T", " ") : text.slice(11, 19)
}

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;"
}

/** Text as it may stand in HTML. */
export const escape = (text: string): string => text.replaceAll(/[&<>"']/g, (character) => ENTITIES[character]!)
