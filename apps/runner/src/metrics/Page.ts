/**
 * What is shown at one moment: a series for each set of labels, in the order of the catalogue.
 *
 * Guarantees: series with the same labels are one, merged as the catalogue says.
 */
import type * as Metric from "effect/Metric"
import { catalogue, type Definition, type Labels, type Name, type Named } from "./catalogue.ts"
import type { HistogramState } from "./Histogram.ts"

type Metadata = Metric.Metric.Metadata<unknown, unknown>

interface Series {
  readonly labels: Readonly<Record<string, string>>
  value: number
}

interface Shown {
  readonly values: Map<string, Series>
  readonly histograms: Array<{ readonly labels: Readonly<Record<string, string>>; readonly state: HistogramState }>
}

const names = Object.keys(catalogue) as ReadonlyArray<Name>

export class Page {
  readonly #shown = new Map<Name, Shown>()

  add<N extends Named<"counter" | "gauge">>(name: N, labels: Labels<N>, value: number): void {
    const present = withoutAbsent(labels)
    const { values } = this.#of(name)
    const key = Object.values(present).join("\n")
    const found = values.get(key)
    if (found === undefined) values.set(key, { labels: present, value })
    else found.value = merged(catalogue[name], found.value, value)
  }

  histogram<N extends Named<"histogram">>(name: N, labels: Labels<N>, state: HistogramState): void {
    this.#of(name).histograms.push({ labels: withoutAbsent(labels), state })
  }

  /** As Effect's registry of metrics has them, by a key of each series. */
  *entries(): Iterable<readonly [string, Metadata]> {
    for (const name of names) {
      const shown = this.#shown.get(name)
      if (shown === undefined) continue
      const { help, kind } = catalogue[name]
      for (const [key, { labels, value }] of shown.values) {
        const state = kind === "counter" ? { count: value, incremental: true } : { value }
        yield [`${name}\n${key}`, metadata(name, kind === "counter" ? "Counter" : "Gauge", help, labels, state)]
      }
      for (const { labels, state } of shown.histograms) {
        yield [`${name}\n${Object.values(labels).join("\n")}`, metadata(name, "Histogram", help, labels, state)]
      }
    }
  }

  #of(name: Name): Shown {
    let shown = this.#shown.get(name)
    if (shown === undefined) this.#shown.set(name, (shown = { values: new Map(), histograms: [] }))
    return shown
  }
}

const merged = ({ merge }: Definition, one: number, other: number): number => {
  if (merge === "most") return Math.max(one, other)
  return merge === "least" ? Math.min(one, other) : one + other
}

const withoutAbsent = (labels: Readonly<Record<string, string | undefined>>): Readonly<Record<string, string>> => {
  const present: Record<string, string> = {}
  for (const [name, value] of Object.entries(labels)) if (value !== undefined) present[name] = value
  return present
}

const metadata = (
  id: string,
  type: Metric.Metric.Type,
  description: string,
  attributes: Readonly<Record<string, string>>,
  state: unknown
): Metadata => ({ id, type, description, attributes, hooks: { get: () => state, update: nothing, modify: nothing } })

const nothing = (): void => {}
