/** The dashboard for Grafana: what it asks for is what the demo has, and its panels stand beside one another. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { spawn } from "node:child_process"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { Simulator } from "@tidewire/simulator"
import { afterAll, assert, beforeAll, describe, it } from "vitest"
import { collector, type Sample } from "../apps/runner/test/metrics/collector.ts"
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

/** By the names that Prometheus has; of histograms what it makes of them. */
const known = (samples: ReadonlyArray<Sample>) => {
  const values = new Map<string, Map<string, Set<string>>>()
  const add = (name: string, labels: Readonly<Record<string, string>>) => {
    const of = values.get(name) ?? new Map<string, Set<string>>()
    values.set(name, of)
    for (const [label, value] of Object.entries(labels)) of.set(label, (of.get(label) ?? new Set()).add(value))
  }
  for (const { isHistogram, labels, name } of samples) {
    if (!isHistogram) add(name, labels)
    else {
      add(`${name}_bucket`, { ...labels, le: "+Inf" })
      add(`${name}_sum`, labels)
      add(`${name}_count`, labels)
    }
  }
  return values
}

/** What is wrong with the queries. */
const problemsOf = (samples: ReadonlyArray<Sample>): ReadonlyArray<string> => {
  const shown = known(samples)
  return queries.flatMap(({ expr, legend, title }) => {
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
}

describe("the dashboard for Grafana", () => {
  let simulator: Simulator.Simulator
  const folder = mkdtempSync(join(tmpdir(), "tidewire-"))
  beforeAll(async () => {
    simulator = await Simulator.start({ seed: 3 })
  })
  afterAll(async () => {
    await simulator.stop()
    rmSync(folder, { recursive: true, force: true })
  })

  it("asks for metrics and labels that the demo has, each of them", async () => {
    await using otlp = await collector()
    const demo = readFileSync(`${root}apps/runner/demo/tidewire.yaml`, "utf8").replace(
      "module: ./",
      `module: ${root}apps/runner/demo/`
    )
    const metrics = `metrics: { otlp: { url: "${otlp.url}", every: 1 second } }\n`
    // without what it serves: the port may be taken
    writeFileSync(join(folder, "tidewire.yaml"), `${demo.replace(/^http:.*\n(?:[ \t]+.*\n)*/m, "")}\n${metrics}`)
    const child = spawn(
      process.execPath,
      [`${root}apps/runner/src/bin.ts`, "run", "--config", join(folder, "tidewire.yaml")],
      {
        cwd: root,
        env: { ...process.env, TIDEWIRE_SIMULATOR_URL: simulator.url, TIDEWIRE_SIMULATOR_WS_URL: simulator.wsUrl },
        stdio: ["ignore", "ignore", "pipe"]
      }
    )
    let errors = ""
    child.stderr.on("data", (chunk: Buffer) => (errors += chunk.toString()))
    const ended = new Promise<number | null>((resolve) => child.once("close", resolve))
    let problems: ReadonlyArray<string> = ["nothing came"]
    // what is rare (an order, a collection) comes in its own time
    for (let seen = 0; problems.length > 0 && seen < 60; seen = otlp.received.length) {
      const came = await Promise.race([otlp.next().then(() => true), ended.then(() => false)])
      assert.isTrue(came, errors.slice(-2_000))
      problems = problemsOf(otlp.received.at(-1)!.samples)
    }
    child.kill("SIGTERM")
    assert.deepStrictEqual([problems, await ended], [[], 0])
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
