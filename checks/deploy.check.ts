/**
 * What is deployed agrees with itself and with the defaults of the configuration, and its commands work: those of the image in a
 * clean copy of the tree, those of the runbook on a running instance.
 */
import { spawn } from "node:child_process"
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { createRequire } from "node:module"
import { createServer, type AddressInfo } from "node:net"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import * as Schema from "effect/Schema"
import { afterAll, assert, beforeAll, describe, it } from "vitest"
import { Simulator } from "@tidewire/simulator"
import { HttpEntry } from "../apps/runner/src/configuration/HttpEntry.ts"
import { catalogue, type Definition } from "../apps/runner/src/metrics/catalogue.ts"
import { root, run, said } from "./workspace.ts"

const yaml = createRequire(`${root}apps/runner/package.json`)("yaml") as { parse: (text: string) => unknown }

const text = (file: string): string => readFileSync(`${root}${file}`, "utf8")

/** As deep as these checks look. */
type Parsed = { readonly [key: string]: Parsed } & ReadonlyArray<Parsed> & string & number
const parsed = (file: string): Parsed => yaml.parse(text(file)) as Parsed

const { port: PORT } = Schema.decodeUnknownSync(HttpEntry)({})
const CONFIGURATION = "/etc/tidewire/tidewire.yaml"
const STATE = "/var/lib/tidewire"

interface Instruction {
  readonly stage: number
  readonly name: string
  readonly value: string
}

/** The instructions of the image, in order. */
const instructions = (): ReadonlyArray<Instruction> => {
  let stage = -1
  return text("deploy/Dockerfile")
    .split("\n")
    .filter((line) => line !== "" && !line.startsWith("#"))
    .map((line) => {
      const [, name = "", value = ""] = /^([A-Z]+) (.*)$/.exec(line) ?? []
      if (name === "FROM") stage++
      return { stage, name, value }
    })
}

const valuesOf = (name: string, stage: number): ReadonlyArray<string> =>
  instructions().flatMap((each) => (each.name === name && each.stage === stage ? [each.value] : []))

const only = (name: string): string => {
  const [value, ...others] = valuesOf(name, 1)
  assert.deepStrictEqual(others, [], name)
  return value ?? ""
}

const exec = (name: string): ReadonlyArray<string> =>
  JSON.parse(/\[.*\]$/.exec(only(name))?.[0] ?? "[]") as ReadonlyArray<string>

const folders = (folder: string): ReadonlyArray<string> =>
  readdirSync(`${root}${folder}`, { recursive: true, encoding: "utf8" }).map((name) => `${folder}/${name}`)

const freePort = (): Promise<number> =>
  new Promise((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const { port } = server.address() as AddressInfo
      server.close(() => resolve(port))
    })
  })

describe("the files of a deployment", () => {
  it("all that is YAML or JSON can be read", () => {
    const files = folders("deploy").filter((file) => /\.(ya?ml|json)$/.test(file))
    assert.isAbove(files.length, 5)
    for (const file of files) assert.isObject(parsed(file), file)
  })

  it("agree on the port, with the configuration's default", () => {
    const { services } = parsed("deploy/compose.yaml")
    const {
      scrape_configs: [scrape]
    } = parsed("deploy/prometheus/prometheus.yml") as unknown as {
      scrape_configs: ReadonlyArray<Parsed>
    }
    assert.strictEqual(only("EXPOSE"), String(PORT))
    assert.include(only("HEALTHCHECK"), `http://127.0.0.1:${PORT}/health/live`)
    assert.deepStrictEqual(services?.["tidewire"]?.["ports"], [`127.0.0.1:${PORT}:${PORT}`] as never)
    assert.deepStrictEqual(scrape?.["static_configs"]?.[0]?.["targets"], [`tidewire:${PORT}`] as never)
    assert.strictEqual(scrape?.["metrics_path"], "/metrics" as never)
    assert.strictEqual(parsed("deploy/tidewire.yaml")["http"]?.["port"], PORT as never)
  })

  it("agree on where the configuration and the state are, and mount what is there", () => {
    const compose = parsed("deploy/compose.yaml")
    const mounts = (Object.values(compose["services"] ?? {}) as ReadonlyArray<Parsed>).flatMap(
      (service) => (service["volumes"] ?? []) as unknown as ReadonlyArray<string>
    )
    const missing = mounts
      .map((mount) => mount.split(":")[0] ?? "")
      .filter((source) =>
        source.startsWith(".") ? !existsSync(join(root, "deploy", source)) : !(source in compose["volumes"]!)
      )
    assert.deepStrictEqual(missing, [])
    assert.include(mounts, `./tidewire.yaml:${CONFIGURATION}:ro`)
    assert.include(mounts, `state:${STATE}`)
    assert.deepStrictEqual([...exec("CMD")].slice(0, 3), ["run", "--config", CONFIGURATION])
    assert.strictEqual(only("VOLUME"), STATE)
    const unit = text("deploy/tidewire.service")
    assert.include(unit, `--config ${CONFIGURATION}`)
    assert.include(unit, `StateDirectory=${STATE.replace("/var/lib/", "")}`)
    const store = parsed("deploy/tidewire.yaml")["store"]?.["folder"]
    assert.isTrue(String(store).startsWith(`${STATE}/`))
  })

  it("Grafana finds its data source and the dashboard", () => {
    const { datasources } = parsed("deploy/grafana/provisioning/datasources/prometheus.yml")
    const { providers } = parsed("deploy/grafana/provisioning/dashboards/tidewire.yml")
    const { services } = parsed("deploy/compose.yaml")
    assert.strictEqual(datasources?.[0]?.["url"], "http://prometheus:9090" as never)
    assert.include(services?.["prometheus"]?.["ports"] as never, "127.0.0.1:9090:9090")
    const path = providers?.[0]?.["options"]?.["path"] as unknown as string
    assert.include(services?.["grafana"]?.["volumes"] as never, `./grafana/tidewire.json:${path}/tidewire.json:ro`)
    // the dashboard's own variable picks the data source
    const { templating } = parsed("deploy/grafana/tidewire.json")
    assert.strictEqual(templating?.["list"]?.[0]?.["type"], "datasource" as never)
  })

  it("the configuration to begin with is one", async () => {
    const env = { TIDEWIRE_HOST: "127.0.0.1", TIDEWIRE_TOKEN: "a-token-of-many-letters" }
    const ran = await run("env", [
      ...Object.entries(env).map(([name, value]) => `${name}=${value}`),
      "node",
      "apps/runner/src/bin.ts",
      "check",
      "--config",
      "deploy/tidewire.yaml"
    ])
    assert.strictEqual(ran.code, 0, said(ran))
    for (const name of Object.keys(env)) assert.match(text("deploy/tidewire.env.example"), new RegExp(`^${name}=`, "m"))
  })

  it("a stop has more time than its drains take together", () => {
    const unit = text("deploy/tidewire.service")
    const drain = Number(/--drain (\d+)s/.exec(unit)?.[1])
    assert.isAbove(Number(/TimeoutStopSec=(\d+)/.exec(unit)?.[1]), 4 * drain)
    assert.strictEqual(parsed("deploy/compose.yaml")["services"]?.["tidewire"]?.["stop_grace_period"], "60s" as never)
    assert.deepStrictEqual([only("STOPSIGNAL"), /^KillSignal=(.*)$/m.exec(unit)?.[1]], ["SIGTERM", "SIGTERM"])
  })

  it("systemd takes the unit, and finds little that it could be kept from", async ({ skip }) => {
    const there = await run("systemd-analyze", ["--version"])
    if (there.code !== 0) return skip("there is no systemd-analyze here")
    const place = mkdtempSync(`${tmpdir()}/tidewire-unit-`)
    const unit = join(place, "tidewire.service")
    // what it starts need not be installed here
    writeFileSync(
      unit,
      text("deploy/tidewire.service").replace("ExecStart=/usr/bin/node", `ExecStart=${process.execPath}`)
    )
    const verified = await run("systemd-analyze", ["verify", unit])
    const secure = await run("systemd-analyze", ["security", "--offline=true", "--threshold=20", "--no-pager", unit])
    rmSync(place, { recursive: true })
    assert.deepStrictEqual([verified.code, verified.stderr], [0, ""])
    assert.strictEqual(secure.code, 0, said(secure))
  })
})

describe("the rules of Prometheus", () => {
  interface Rule {
    readonly alert: string
    readonly expr: string
    readonly labels: { readonly severity: string }
    readonly annotations: { readonly summary: string; readonly runbook: string }
  }
  const { groups } = parsed("deploy/prometheus/rules.yml") as unknown as {
    readonly groups: ReadonlyArray<{ readonly rules: ReadonlyArray<Rule> }>
  }
  const rules = groups.flatMap((group) => group.rules)
  const metrics: Readonly<Record<string, Definition>> = catalogue
  const namesIn = (expression: string) => [...expression.matchAll(/\b(?:tidewire_[a-z_]+|up)\b/g)].map(([name]) => name)
  const labelsOf = (name: string): ReadonlyArray<string> => {
    const { labels = [], optional = [] } = metrics[name.replace(/_(bucket|sum|count)$/, "")] ?? {}
    return [...labels, ...optional, "job", "instance", ...(name.endsWith("_bucket") ? ["le"] : [])]
  }

  it("ask for metrics and labels that there are", () => {
    assert.isAbove(rules.length, 20)
    for (const { alert, annotations, expr } of rules) {
      const names = namesIn(expr)
      assert.isNotEmpty(names, alert)
      for (const name of names)
        assert.isTrue(name === "up" || labelsOf(name).length > 2 || name in metrics, `${alert}: ${name}`)
      for (const [, name = "", selector = ""] of expr.matchAll(/\b(\w+)\{([^}]*)\}/g)) {
        for (const [, label = ""] of selector.matchAll(/(\w+)\s*(?:=~|!~|!=|=)/g)) {
          assert.include(labelsOf(name), label, `${alert}: ${name}`)
        }
      }
      for (const [, label = ""] of annotations.summary.matchAll(/\$labels\.(\w+)/g)) {
        assert.isTrue(
          names.some((name) => labelsOf(name).includes(label)),
          `${alert}: ${label}`
        )
      }
    }
  })

  it("say how bad it is, and which section of the runbook it is about", () => {
    const anchors = new Set(
      [...text("docs/operations.md").matchAll(/^## (.*)$/gm)].map(([, title = ""]) =>
        title
          .toLowerCase()
          .replaceAll(/[^a-z0-9 -]/g, "")
          .replaceAll(" ", "-")
      )
    )
    assert.strictEqual(new Set(rules.map(({ alert }) => alert)).size, rules.length)
    for (const { alert, annotations, labels } of rules) {
      assert.include(["warning", "critical"], labels.severity, alert)
      const [file, anchor = ""] = annotations.runbook.split("#")
      assert.strictEqual(file, "docs/operations.md")
      assert.isTrue(anchors.has(anchor), `${alert}: ${anchor}`)
    }
  })
})

const TOKEN = "a-token-of-many-letters"

/** A configuration with everything that is operated, on the simulator. */
const configuration = (simulator: Simulator.Simulator, port: number, state: string) => ({
  venues: [
    {
      adapter: "@tidewire/adapter-binance",
      venue: "binance-usdm",
      endpoints: { stream: simulator.wsUrl, rest: simulator.url },
      subscriptions: [{ symbols: ["BTCUSDT"], channels: ["trades", "book"] }]
    }
  ],
  engine: {
    mode: "paper",
    journal: join(state, "journal.sqlite"),
    strategies: [
      {
        module: `${root}apps/runner/demo/maker.js`,
        options: { venue: "binance-usdm", symbol: "BTCUSDT", size: "0.01", most: "0.03" }
      }
    ],
    risk: { maxPosition: "10000" }
  },
  http: { port, token: { env: "TIDEWIRE_TOKEN" } },
  store: { kind: "duckdb", folder: join(state, "events"), flushEvery: "100ms" },
  metrics: {},
  alerts: {}
})

/** Runs until a signal; `until` waits for a look at its API to go well. */
const instance = (command: string, parameters: ReadonlyArray<string>, cwd: string, port: number) => {
  // what a package manager lets its commands find beside their own packages is in no image
  const { NODE_PATH: _, ...own } = process.env
  const env = { ...own, TIDEWIRE_TOKEN: TOKEN, PATH: `${root}node_modules/.bin:${process.env["PATH"]}` }
  const child = spawn(command, parameters, { cwd, env, stdio: ["ignore", "ignore", "pipe"] })
  let log = ""
  child.stderr.on("data", (data: Buffer) => (log += data.toString()))
  const ended = new Promise<number | null>((resolve) => void child.on("close", resolve))
  const ready = async (): Promise<void> => {
    for (let tries = 0; tries < 300; tries++) {
      if (child.exitCode !== null) assert.fail(`it ended with ${child.exitCode}: ${log}`)
      const answer = await fetch(`http://127.0.0.1:${port}/health/ready`).catch(() => undefined)
      if (answer?.ok === true) return
      await new Promise((resolve) => setTimeout(resolve, 100))
    }
    assert.fail(`it was not ready in time: ${log}`)
  }
  return { child, ended, ready, log: () => log }
}

describe("the image", () => {
  const place = mkdtempSync(`${tmpdir()}/tidewire-image-`)
  const app = `${place}/app`
  /** The command of the image, with its places on this machine. */
  const here = (command: string) => command.replaceAll("/packs", `${place}/packs`).replaceAll(/(?<=\s)\/app\b/g, app)
  let simulator: Simulator.Simulator

  beforeAll(async () => {
    const tracked = await run("git", ["ls-files", "--cached", "--others", "--exclude-standard"])
    for (const file of tracked.stdout.split("\n").filter((each) => each !== "" && existsSync(`${root}${each}`))) {
      mkdirSync(dirname(`${place}/build/${file}`), { recursive: true })
      cpSync(`${root}${file}`, `${place}/build/${file}`)
    }
    const [adapters = ""] = valuesOf("ARG", 0)
    for (const command of valuesOf("RUN", 0)) {
      const ran = await run("env", [adapters.replaceAll('"', ""), "sh", "-euc", here(command)], `${place}/build`)
      assert.strictEqual(ran.code, 0, `${command}\n${said(ran)}`)
    }
    simulator = await Simulator.start({ seed: 3 })
  }, 600_000)

  afterAll(async () => {
    await simulator?.stop()
    rmSync(place, { recursive: true })
  })

  it("is of a Node that the packages run on, in two stages, the last without rights", () => {
    const stages = instructions().filter(({ name }) => name === "FROM")
    assert.deepStrictEqual(
      stages.map(({ value }) => value.split(" ")[0]),
      ["node:24-bookworm-slim", "node:24-bookworm-slim"]
    )
    const last = instructions().filter(({ stage }) => stage === 1)
    assert.isBelow(
      last.findIndex(({ name }) => name === "USER"),
      last.findIndex(({ name }) => name === "ENTRYPOINT")
    )
    assert.strictEqual(only("USER"), "node")
    assert.deepStrictEqual(valuesOf("COPY", 1), ["--from=build /app /app"])
    assert.include(text("deploy/Dockerfile.dockerignore").split("\n"), "**/*.env")
  })

  it("has what was picked, built, and nothing of how it was made", () => {
    assert.deepStrictEqual(readdirSync(`${app}/node_modules/@tidewire`).toSorted(), [
      "adapter-binance",
      "adapter-bybit",
      "core",
      "engine",
      "runner",
      "simulator"
    ])
    for (const name of ["typescript", "vitest", "vite", "turbo", "oxlint"]) {
      assert.isFalse(existsSync(`${app}/node_modules/${name}`), name)
    }
    const [, bin = ""] = exec("ENTRYPOINT")
    assert.isTrue(existsSync(`${app}/${bin}`))
  })

  it("runs its command, is healthy by its own check, and drains on SIGTERM", async () => {
    const port = await freePort()
    const file = `${place}/tidewire.json`
    writeFileSync(file, JSON.stringify({ ...configuration(simulator, port, place), engine: undefined }))
    const [node = "", ...entry] = [...exec("ENTRYPOINT"), ...exec("CMD")].map((each) =>
      each === CONFIGURATION ? file : each
    )
    const running = instance(node, entry, app, port)
    await running.ready()
    const healthy = await run(
      exec("HEALTHCHECK")[0]!,
      exec("HEALTHCHECK")
        .slice(1)
        .map((each) => each.replace(String(PORT), String(port)))
    )
    assert.strictEqual(healthy.code, 0, said(healthy))
    running.child.kill("SIGTERM")
    assert.strictEqual(await running.ended, 0, running.log())
    const unhealthy = await run(
      exec("HEALTHCHECK")[0]!,
      exec("HEALTHCHECK")
        .slice(1)
        .map((each) => each.replace(String(PORT), String(port)))
    )
    assert.strictEqual(unhealthy.code, 1)
  })
})

describe("the runbook", () => {
  const place = mkdtempSync(`${tmpdir()}/tidewire-runbook-`)
  let simulator: Simulator.Simulator
  let running: ReturnType<typeof instance>
  let port = 0

  beforeAll(async () => {
    simulator = await Simulator.start({ seed: 3 })
    port = await freePort()
    mkdirSync(`${place}/bin`)
    writeFileSync(`${place}/bin/tidewire`, `#!/bin/sh\nexec node ${root}apps/runner/src/bin.ts "$@"\n`, { mode: 0o755 })
    // adapters are looked for beside it
    writeFileSync(`${place}/tidewire.yaml`, JSON.stringify(configuration(simulator, port, place)))
    const bin = `${root}apps/runner/src/bin.ts`
    running = instance("node", [bin, "run", "--config", `${place}/tidewire.yaml`, "--format", "none"], root, port)
    await running.ready()
  })

  afterAll(async () => {
    running.child.kill("SIGTERM")
    await running.ended
    await simulator.stop()
    rmSync(place, { recursive: true })
  })

  const commands = [...text("docs/operations.md").matchAll(/^```sh\n([\s\S]*?)^```$/gm)].flatMap(([, block = ""]) =>
    block.split("\n").filter((line) => line !== "")
  )

  it("has commands for what goes wrong", () => assert.isAbove(commands.length, 15))

  it.each(commands)("%s", async (command) => {
    const there = command
      .replaceAll(`127.0.0.1:${PORT}`, `127.0.0.1:${port}`)
      .replace("--config tidewire.yaml", `--config ${place}/tidewire.yaml`)
      .replace("--out ", `--out ${place}/`)
      .replace("tidewire top", `tidewire top --url http://127.0.0.1:${port}`)
      // an answer that is an error is one
      .replace("curl -s", "curl -s --fail-with-body")
    const ran = await run("env", [`TIDEWIRE_TOKEN=${TOKEN}`, "sh", "-c", `PATH=${place}/bin:$PATH; ${there}`])
    assert.strictEqual(ran.code, 0, `${there}\n${said(ran)}`)
    const isSilent = command.includes(" export ") || command.includes(" query ")
    assert.isTrue(isSilent || ran.stdout !== "", said(ran))
    if (command.includes("--out")) assert.isTrue(existsSync(`${place}/trades.parquet`))
  })
})
