/** Scenarios at work: on the manual clock, over HTTP, from the start, and their ends. */
import { describe, expect, it } from "vitest"
import { manualClock, Scenario, Simulator } from "../src/index.ts"
import { eventually, onStage, START, type Json } from "./support.ts"

const rates = { tradesPerSecond: 20, ordersPerSecond: 100 }

it("does each step at its time on the simulator's clock, and tells which connections it met", () =>
  onStage({ rates, clockScale: 60, socketRules: { spot: { pingMs: 1e9 } } }, async ({ clock, simulator, ws }) => {
    const btc = await ws("/stream?streams=btcusdt@trade")
    const eth = await ws("/stream?streams=ethusdt@trade")
    const steps = Scenario.parse(`
      at 3s kill BTCUSDT
      at 0s rates on spot tradesPerSecond=0 ordersPerSecond=0
      at 1s trade spot ETHUSDT buy 0.01
      at 3s list usdm NEWUSDT
      at 4s liquidate NEWUSDT sell 5
      at 5s silence ETHUSDT for 2s
      at 6s clear`)
    const { control } = simulator
    const play = control.play(steps)
    const done = play.done.then(() => "done")
    clock.advance(999)
    expect(play.log.map(({ atMs }) => atMs)).toEqual([0])
    clock.advance(1)
    await eventually(() => eth.data("ethusdt@trade").length > 0)
    expect(btc.closed()).toBeUndefined()
    clock.advance(2_000)
    expect((await eventually(btc.closed)).code).toBe(1006)
    clock.advance(2_500)
    expect(control.faults()).toMatchObject([{ fault: { kind: "silence" } }])
    clock.advance(500)
    expect(await done).toBe("done")
    expect(control.faults()).toEqual([])
    expect(play.log.map(({ atMs, connections, step }) => [atMs, step.action.type, connections])).toEqual([
      [0, "rates", []],
      [1_000, "trade", []],
      [3_000, "fault", [1]],
      [3_000, "list", []],
      [4_000, "liquidate", []],
      [5_000, "fault", [2]],
      [6_000, "clear", []]
    ])
    expect(play.log.map(({ step }) => steps.includes(step))).toEqual(Array(7).fill(true))
  }))

it("repeats a step until it is cleared or stopped", () =>
  onStage({}, async ({ clock, simulator }) => {
    const { control } = simulator
    const cleared = control.play(Scenario.parse("every 2s from 500ms kill\nevery 5s drop\nat 7s clear\nat 8s kill"))
    const stopped = control.play(Scenario.parse("every 2s kill"))
    clock.advance(7_000)
    const drops = control.faults().length
    clock.advance(3_000)
    stopped.stop()
    await Promise.all([cleared.done, stopped.done])
    clock.advance(60_000)
    expect(cleared.log.map(({ atMs }) => atMs)).toEqual([500, 2_500, 4_500, 5_000, 6_500, 7_000, 8_000])
    expect(stopped.log.map(({ atMs }) => atMs)).toEqual([2_000, 4_000, 6_000, 8_000, 10_000])
    expect(drops).toBe(0)
  }))

it("ends at a step that cannot be done, and says which", () =>
  onStage({}, async ({ clock, simulator }) => {
    const play = simulator.control.play(Scenario.parse("at 1s trade spot NOPEUSDT buy 1\nat 2s kill"))
    clock.advance(5_000)
    await expect(play.done).rejects.toThrow("at 1s trade spot NOPEUSDT buy 1: symbol: NOPEUSDT is not traded on spot")
    expect(play.log).toEqual([])
  }))

it.each([
  [
    { atMs: 0, action: { type: "fault", fault: { kind: "rest", status: 7 } } },
    "steps[1].action.fault.status: expected"
  ],
  [{ atMs: -1, action: { type: "clear" } }, "steps[1].atMs: expected"],
  [{ atMs: 0, everyMs: 0, action: { type: "clear" } }, "steps[1].everyMs: expected"]
] as const)("plays no data that is wrong: %o", (step, why) =>
  onStage({}, async ({ simulator }) => {
    const steps: ReadonlyArray<Scenario.Step> = [{ atMs: 0, action: { type: "clear" } }, step]
    expect(() => simulator.control.play(steps)).toThrow(why)
    await expect(Simulator.start({ scenario: steps })).rejects.toThrow(why)
  })
)

it("remembers what runs and the last ten plays that ended", () =>
  onStage({}, async ({ clock, simulator }) => {
    const { control } = simulator
    const long = control.play(Scenario.parse("at 1h kill"))
    for (let i = 0; i < 15; i++) await control.play(Scenario.parse(`at 0s drop times ${i + 1}`)).done
    clock.advance(1)
    const played = control.played()
    expect(played.map(({ running }) => running)).toEqual([true, ...Array<boolean>(10).fill(false)])
    expect(played.at(-1)!.log).toMatchObject([{ step: { action: { fault: { count: 15 } } } }])
    expect(control.stopPlaying()).toBe(1)
    await long.done
  }))

it("keeps the last 10 000 steps in its log", () =>
  onStage({}, async ({ clock, simulator }) => {
    const play = simulator.control.play(Scenario.parse("every 1ms kill"))
    clock.advance(10_050)
    expect([play.log.length, play.log[0]!.atMs, play.log.at(-1)!.atMs]).toEqual([10_000, 51, 10_050])
  }))

describe("from the start, and over HTTP", () => {
  it("plays the option `scenario`, text or steps, and ends it with the simulator", async () => {
    const clock = manualClock(START)
    const simulator = await Simulator.start({ clock, scenario: "at 0s refuse 503 times 9\nat 1s clear\nevery 1s drop" })
    expect(simulator.control.faults().length).toBe(1)
    clock.advance(1_000)
    expect(simulator.control.faults().map(({ fault }) => fault.kind)).toEqual(["drop"])
    await simulator.stop()
    const { log } = simulator.scenario!
    const steps = log.length
    clock.advance(10_000)
    expect(log.length).toBe(steps)
    await simulator.scenario!.done
    const other = await Simulator.start({ clock, scenario: Scenario.parse("at 0s slowRest 1s") })
    expect(other.control.faults().length).toBe(1)
    await other.stop()
  })

  it("does not start with a scenario it cannot read", async () => {
    await expect(Simulator.start({ scenario: "at 1s kill\nat 2s explode" })).rejects.toThrow("line 2: expected one of")
  })

  it("POST /control/play takes the text, DELETE ends what runs, and the help tells of both", () =>
    onStage({ rates }, async ({ clock, get, post, simulator, ws }) => {
      const client = await ws("/ws/btcusdt@trade")
      expect(await post("/control/play", "at 2s close 1012 reason=bye\nevery 1s refuse")).toEqual({
        status: 200,
        body: { steps: 2 }
      })
      clock.advance(2_000)
      expect(await eventually(client.closed)).toEqual({ code: 1012, reason: "bye" })
      expect((await get("/control/play")).body).toMatchObject([{ running: true, log: [{}, {}, { connections: [] }] }])
      const stopped = await fetch(`${simulator.url}/control/play`, { method: "DELETE" })
      expect(await stopped.json()).toEqual({ stopped: 1 })
      simulator.control.clear()
      clock.advance(10_000)
      expect(simulator.control.faults()).toEqual([])
      await post("/control/play", "at 0s liquidate NOPEUSDT sell 1")
      const [first, second] = (await get("/control/play")).body as ReadonlyArray<Json>
      expect([first!["running"], second!["failed"]]).toEqual([false, expect.stringContaining("NOPEUSDT is not traded")])
      const wrong = await post("/control/play", "at 1s kill\n\nat soon kill")
      expect([wrong.status, (wrong.body as Json)["error"]]).toEqual([400, expect.stringMatching(/^line 3: .*"soon"$/)])
      expect((await get("/control")).body).toContain("/control/play")
    }))
})

it("a random scenario over real connections ends in calm: every stream flows, and nothing is in force", () =>
  onStage({ rates, symbols: { spot: ["BTCUSDT"], usdm: ["BTCUSDT"] } }, async ({ clock, get, simulator, ws }) => {
    const durationMs = 20_000
    const symbols = { spot: ["BTCUSDT"], usdm: ["BTCUSDT"] }
    const steps = Scenario.random({ seed: 3, durationMs, symbols })
    const play = simulator.control.play(steps)
    for (let passed = 0; passed < durationMs * 0.75; passed += 250) {
      clock.advance(250)
      const dial = ws("/stream?streams=btcusdt@trade/btcusdt@depth@100ms").catch(() => undefined)
      await Promise.race([dial, new Promise((done) => setImmediate(done))])
    }
    await play.done
    expect(play.log.map(({ step }) => step)).toEqual(steps)
    expect(simulator.control.faults()).toEqual([])
    const client = await ws("/stream?streams=btcusdt@trade/btcusdt@depth@100ms")
    clock.advance(2_000)
    await eventually(() => client.data("btcusdt@trade").length > 10 && client.data("btcusdt@depth@100ms").length === 20)
    expect((await get("/api/v3/depth?symbol=BTCUSDT&limit=5")).status).toBe(200)
  }))
