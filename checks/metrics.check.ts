/** The dashboard for Grafana: what it asks for is what the demo has, and its panels stand beside one another. */
import { spawn } from "node:child_process"
import { readFileSync } from "node:fs"
import { setTimeout } from "node:timers/promises"
import { assert, describe, it } from "vitest"
import { root } from "./workspace.ts"

interface Panel {
  readonly type: string
  readonly title: string
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number }
  readonly targets?: ReadonlyArray<{ readonly expr: string; readonly legendFormat: string }>
}

const { panels } = JSON.parse(readFileSync(`${root}deploy/grafana/tidewire.json`, "utf8")) as {
  readonly panels: ReadonlyArray<Panel>
}

const queries = panels.flatMap(({ targets = [], title }) =>
  targets.map(({ expr, legendFormat }) => ({ title, expr, legend: legendFormat }))
)

/** Each name with its labels in a query: `name{a="b", c=~"d"}`. */
const selectors = (expr: string) =>
  [...expr.matchAll(/\b(tidewire_\w+)(?:\{([^}]*)\})?/g)].map(([, name = "", inside = ""]) => ({
    name,
    matchers: [...inside.matchAll(/(\w+)\s*(=~|!=|!~|=)\s*"([^"]*)"/g)].map(([, label = "", operator, value]) => ({
      label,
      operator,
      value
    }))
  }))

/** What a query keeps of labels, where it sums. */
const kept = (expr: string): ReadonlyArray<string> =>
  [...expr.matchAll(/\bby \(([^)]*)\)/g)].flatMap(([, labels = ""]) => labels.split(",").map((label) => label.trim()))

type Known = ReadonlyMap<string, ReadonlyMap<string, ReadonlySet<string>>>

/** The values of each label of each metric, of Prometheus' text. */
const known = (text: string): Known => {
  const metrics = new Map<string, Map<string, Set<string>>>()
  for (const [, name = "", labels = ""] of text.matchAll(/^(tidewire_\w+)(?:\{(.*)\})? /gm)) {
    const of = metrics.get(name) ?? new Map<string, Set<string>>()
    metrics.set(name, of)
    for (const [, label = "", value = ""] of labels.matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g)) {
      of.set(label, (of.get(label) ?? new Set()).add(value))
    }
  }
  return metrics
}

/** What is wrong with the queries. */
const problemsOf = (shown: Known): ReadonlyArray<string> =>
  queries.flatMap(({ expr, legend, title }) => {
    const found = selectors(expr)
    const labels = new Set(found.flatMap(({ name }) => [...(shown.get(name)?.keys() ?? [])]))
    const by = kept(expr)
    const named = [...legend.matchAll(/\{\{(\w+)\}\}/g)].map(([, label = ""]) => label)
    return [
      ...(found.length === 0 ? ["no metric"] : []),
      ...found.flatMap(({ matchers, name }) => [
        ...(shown.has(name) ? [] : [`${name} is not there`]),
        ...matchers.flatMap(({ label, operator, value = "" }) => {
          const values = shown.get(name)?.get(label)
          if (values === undefined) return [`${name} has no label ${label}`]
          return operator === "=" && !values.has(value) ? [`${name} has no ${label} ${value}`] : []
        })
      ]),
      ...by.flatMap((label) => (labels.has(label) ? [] : [`nothing has a label ${label} to keep`])),
      ...named.flatMap((label) => ((by.length > 0 ? by.includes(label) : labels.has(label)) ? [] : [`no {{${label}}}`]))
    ].map((problem) => `${title}: ${problem}`)
  })

/** The demo as anybody runs it, and the address that it serves. */
const demo = async () => {
  const child = spawn(process.execPath, [`${root}apps/runner/src/bin.ts`, "run", "--duration", "2m"], {
    cwd: root,
    stdio: ["ignore", "ignore", "pipe"]
  })
  const ended = new Promise<number | null>((resolve) => child.once("close", resolve))
  let errors = ""
  const url = await new Promise<string>((resolve, reject) => {
    child.stderr.on("data", (chunk: Buffer) => {
      errors += chunk.toString()
      const [, found] = /are served.*"url":"([^"]+)"/.exec(errors) ?? []
      if (found !== undefined) resolve(found.replace(/\/$/, ""))
    })
    void ended.then((code) => reject(new Error(`the demo ended with ${code}: ${errors.slice(-2_000)}`)))
  })
  return { url, stop: () => (child.kill("SIGTERM"), ended) }
}

describe("the dashboard for Grafana", () => {
  it("asks for metrics and labels that the demo has, each of them", async () => {
    const { stop, url } = await demo()
    try {
      let problems: ReadonlyArray<string> = ["nothing came"]
      // what is rare (an order, a collection) comes in its own time
      for (let seen = 0; problems.length > 0 && seen < 60; seen++) {
        if (seen > 0) await setTimeout(1_000)
        const answer = await fetch(`${url}/metrics`)
        assert.strictEqual(answer.status, 200)
        problems = problemsOf(known(await answer.text()))
      }
      assert.deepStrictEqual(problems, [])
    } finally {
      assert.strictEqual(await stop(), 0)
    }
  })

  it("has no panel on top of another, and none beyond the edge", () => {
    const overlaps = panels.flatMap(({ gridPos: one, title }, index) =>
      panels.slice(index + 1).flatMap(({ gridPos: other, title: with_ }) => {
        const isBeside = one.x + one.w <= other.x || other.x + other.w <= one.x
        const isBelow = one.y + one.h <= other.y || other.y + other.h <= one.y
        return isBeside || isBelow ? [] : [`${title}, ${with_}`]
      })
    )
    assert.deepStrictEqual(overlaps, [])
    assert.deepStrictEqual(
      panels.filter(({ gridPos: { w, x } }) => x + w > 24).map(({ title }) => title),
      []
    )
  })
})
