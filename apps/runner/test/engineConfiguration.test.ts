/** The `engine` of a configuration: what is wrong with it is told with its path, and live trading is asked for twice. */
import * as path from "node:path"
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { format } from "../src/configuration/Problem.ts"
import * as Deployment from "../src/venues/Deployment.ts"
import { fakeVenue, fixtures, folder, tidewire } from "./tidewire.ts"

const environment = { SIZE: "hush" }

const problemsOf = (engine: unknown, venue: Readonly<Record<string, unknown>> = {}) =>
  Deployment.make(
    {
      source: "test",
      folder: fixtures,
      value: { venues: [fakeVenue(venue)], ...(engine !== undefined && { engine }) }
    },
    environment
  ).pipe(
    Effect.as([] as ReadonlyArray<string>),
    Effect.catchTag("BadConfiguration", ({ problems }) => Effect.succeed(problems.map(format)))
  )

const bid = { module: "./strategies/restingBid.ts", options: { venue: "fake", symbol: "BTCUSDT" } }
const engine = (over: Readonly<Record<string, unknown>>) => ({ mode: "paper", strategies: [bid], ...over })
const from = `${fixtures} or ${path.resolve(".")}`

const cases: ReadonlyArray<readonly [title: string, engine: unknown, problems: ReadonlyArray<string>]> = [
  ["nothing wrong", engine({}), []],
  ["no mode, no strategies", {}, ["engine.mode: is missing", "engine.strategies: is missing"]],
  [
    "a mode that there is not",
    engine({ mode: "papre" }),
    ['engine.mode: "papre" is not right here (did you mean paper?); expected "paper" | "live"']
  ],
  [
    "a module that is not there",
    engine({ strategies: [{ module: "./strategies/none.ts" }] }),
    [`engine.strategies[0].module: there is no "./strategies/none.ts" from ${from}`]
  ],
  [
    "a file without ./",
    engine({ strategies: [{ module: "strategies/restingBid.ts" }] }),
    [
      `engine.strategies[0].module: there is no "strategies/restingBid.ts" from ${from}; a file's path begins with ./ or ../`
    ]
  ],
  [
    "another export",
    engine({ strategies: [{ module: "./strategies/nothing.ts" }] }),
    [
      'engine.strategies[0].module: "./strategies/nothing.ts" is no strategy: it does not export `strategy`, but `startegy`; expected an object, or a function that makes one of its options'
    ]
  ],
  [
    "a handler that nothing calls",
    engine({ strategies: [{ module: "./strategies/misspelt.ts" }] }),
    [
      'engine.strategies[0].module: "./strategies/misspelt.ts" is no strategy: nothing calls its `onTrades` (did you mean onTrade?)'
    ]
  ],
  [
    "options that the strategy refuses",
    engine({ strategies: [{ module: "./strategies/picky.ts" }] }),
    ['engine.strategies[0].options: "./strategies/picky.ts" cannot be made of these options: size: is missing']
  ],
  [
    "an environment variable that is not set",
    engine({ strategies: [{ ...bid, options: { size: { env: "SIZES" } } }] }),
    ["engine.strategies[0].options.size: the environment variable SIZES is not set (did you mean SIZE?)"]
  ],
  [
    "two strategies of one name",
    engine({ strategies: [bid, bid] }),
    ['engine.strategies[1].name: "restingBid" is the name of engine.strategies[0] too; expected a name of its own']
  ],
  [
    "a venue that is not configured",
    engine({ venues: ["faek"], paper: { venues: { fkae: {} } } }),
    [
      'engine.venues[0]: "faek" is no venue of this configuration (did you mean fake?); expected fake',
      'engine.paper.venues.fkae: "fkae" is no venue of this configuration (did you mean fake?); expected fake'
    ]
  ],
  [
    "live without a journal",
    engine({ mode: "live" }),
    ["engine.journal: is missing; live trading needs one: a file of its own, kept between runs"]
  ]
]

describe("an engine's configuration", () => {
  for (const [title, value, problems] of cases) {
    it.effect(title, () => Effect.map(problemsOf(value), (found) => assert.deepStrictEqual(found, problems)))
  }

  it.effect("amounts are texts, never floats", () =>
    Effect.gen(function* () {
      const [first] = yield* problemsOf(engine({ risk: { maxNotional: 1000 } }))
      assert.match(first ?? "", /^engine\.risk\.maxNotional: 1000 is not right here/)
      const [second] = yield* problemsOf(engine({ paper: { balances: { USDT: "-1" } } }))
      assert.match(second ?? "", /^engine\.paper\.balances\.USDT: "-1" is not right here/)
    })
  )

  it.effect("lets a venue subscribe nothing, which is a problem without an engine", () =>
    Effect.gen(function* () {
      assert.deepStrictEqual(yield* problemsOf(engine({}), { subscriptions: [] }), [])
      assert.deepStrictEqual(yield* problemsOf(undefined, { subscriptions: [] }), [
        "venues[0].subscriptions: [] is not right here; expected at least one where there is no engine"
      ])
    })
  )
})

describe("check", () => {
  it("prints what the engine would do, and connects what its strategies want to hear", async () => {
    const strategies = [{ ...bid, module: path.join(fixtures, bid.module) }]
    const value = {
      venues: [fakeVenue({ subscriptions: [] })],
      engine: { mode: "live", journal: "j.sqlite", strategies }
    }
    using made = folder({ "package.json": "{}", "a.json": JSON.stringify(value) })
    const json = await tidewire(["check", "--config", "a.json", "--format", "json"], { cwd: made.path })
    const { engine, venues } = JSON.parse(json.stdout) as Record<"engine" | "venues", unknown>
    const subscriptions = [{ venue: "fake", symbol: "BTCUSDT", channels: ["book"] }]
    assert.containsSubset(engine, {
      mode: "live",
      journal: path.join(made.path, "j.sqlite"),
      strategies: [{ name: "restingBid", subscriptions }],
      risk: { maxNotional: "1000" }
    })
    assert.containsSubset(venues, [{ connections: [{ subscriptions: [{ symbol: "BTCUSDT", channel: "book" }] }] }])
    const text = await tidewire(["check", "--config", "a.json"], { cwd: made.path })
    assert.include(text.stdout, "engine  live, with real money; run needs --live as well")
    assert.include(text.stdout, "      fake BTCUSDT  book")
  })
})

describe("live trading is asked for twice", () => {
  const run = async (mode: string | undefined, ...flags: ReadonlyArray<string>) => {
    const strategies = [{ ...bid, module: path.join(fixtures, bid.module) }]
    using made = folder({
      "package.json": "{}",
      "a.json": JSON.stringify({
        venues: [fakeVenue()],
        ...(mode !== undefined && { engine: { mode, strategies, journal: "journal.sqlite" } })
      })
    })
    const { code, stderr, stdout } = await tidewire(["run", "--config", "a.json", ...flags], { cwd: made.path })
    return { code, stdout, problem: stderr.trim().split("\n").at(-1)?.trim() }
  }

  it("in the configuration alone it is refused", async () => {
    assert.deepStrictEqual(await run("live"), {
      code: 2,
      stdout: "",
      problem:
        'engine.mode: "live" trades with real money, and was asked for in the configuration only; expected --live on the command line as well, or mode "paper"'
    })
  })

  it("on the command line alone it is refused", async () => {
    assert.deepStrictEqual(await run("paper", "--live"), {
      code: 2,
      stdout: "",
      problem:
        '--live: trades with real money, and was asked for on the command line only; expected mode "live" in the engine of the configuration as well'
    })
    assert.deepStrictEqual(await run(undefined, "--live"), {
      code: 2,
      stdout: "",
      problem: '--live: there is no engine in the configuration; expected one with mode "live"'
    })
  })

  it("in both it is refused where no venue has an account", async () => {
    assert.deepStrictEqual(await run("live", "--live"), {
      code: 2,
      stdout: "",
      problem: "engine.mode: no venue has an account to trade on live; expected the credentials of one in its options"
    })
  })

  it("the demo is never live", async () => {
    const { code, stderr } = await tidewire(["run", "--live"])
    assert.strictEqual(code, 2)
    assert.include(stderr, "--live: the demo trades on paper")
  })
})
