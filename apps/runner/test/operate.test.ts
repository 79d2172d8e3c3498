/** An operator's commands: `kill` and `resume`, to an engine in another process, or where none runs. */
import * as fs from "node:fs"
import * as path from "node:path"
import { assert, describe, it } from "@effect/vitest"
import { configuration, exchange, place } from "./live.ts"
import { tidewire } from "./tidewire.ts"

const isOpen = (stdout: string): boolean => stdout.includes('"status":"open"')

describe("kill and resume", () => {
  it("halt an engine in another process, verified at the venue, over restarts, until it may trade again", async () => {
    await using sim = await exchange()
    using made = place(configuration("binance-usdm", sim.simulator))
    const running = made.run("--live")
    await running.until(isOpen)
    const socket = path.join(made.path, "journal.sqlite.sock")
    assert.strictEqual(fs.statSync(socket).mode & 0o777, 0o600)
    const killed = await made.command("kill", "--reason", "runaway")
    assert.deepStrictEqual(
      [killed.code, killed.stdout],
      [0, "trading is halted; open orders were 1; that none is open any more says binance-usdm\n"]
    )
    assert.deepStrictEqual(
      sim.truth().orders.map(({ status }) => status),
      ["cancelled"]
    )
    const again = await made.command("kill")
    assert.deepStrictEqual([again.code, again.stdout], [0, "trading was halted already: runaway; no order is open\n"])
    running.process.kill("SIGINT")
    assert.strictEqual((await running.ended).code, 0)
    assert.isFalse(fs.existsSync(socket))

    const second = made.run("--live")
    await second.until((_, stderr) => stderr.includes("Trading is halted: runaway"))
    const resumed = await made.command("resume", "--reason", "checked")
    assert.deepStrictEqual([resumed.code, resumed.stdout], [0, "trading is allowed again; it was halted: runaway\n"])
    await second.until(isOpen)
    second.process.kill("SIGINT")
    const { code, stderr } = await second.ended
    assert.strictEqual(code, 0, stderr)
    assert.deepStrictEqual(
      sim.truth().orders.map(({ status }) => status),
      ["cancelled", "cancelled"]
    )
  }, 60_000)

  it("where the engine was killed, cancel at the venue from their own process, and resume in the journal", async () => {
    await using sim = await exchange()
    using made = place(configuration("binance-usdm", sim.simulator))
    const running = made.run("--live")
    await running.until(isOpen)
    running.process.kill("SIGKILL")
    await running.exited
    assert.deepStrictEqual(
      sim.truth().orders.map(({ status }) => status),
      ["open"]
    )
    const killed = await made.command("kill", "--reason", "it is gone")
    assert.strictEqual(killed.code, 0, killed.stderr)
    assert.deepStrictEqual(
      sim.truth().orders.map(({ status }) => status),
      ["cancelled"]
    )
    const resumed = await made.command("resume")
    assert.deepStrictEqual(
      [resumed.code, resumed.stdout],
      [0, "the next engine may trade again; it was halted: it is gone\n"]
    )
  }, 60_000)

  it("of an engine on paper halt it as well; where none runs there is nothing to cancel", async () => {
    await using sim = await exchange()
    using made = place(configuration("binance-usdm", sim.simulator, "paper"))
    const running = made.run()
    await running.until(isOpen)
    const killed = await made.command("kill")
    assert.strictEqual(killed.code, 0, killed.stderr)
    running.process.kill("SIGINT")
    const { code, stdout } = await running.ended
    assert.deepStrictEqual([code, stdout.includes('"status":"cancelled"')], [0, true])
    const idle = await made.command("kill")
    assert.strictEqual(idle.code, 0)
    assert.match(idle.stdout, /^no engine runs on .*journal\.sqlite: orders on paper have ended with it/)
  }, 60_000)

  it("say what is wrong with how they were called, with 2", async () => {
    await using sim = await exchange()
    const value = configuration("binance-usdm", sim.simulator)
    const { journal: _, ...engine } = value.engine
    using made = place({ ...value, engine })
    const unreachable = await made.command("kill")
    const within = await made.command("kill", "--within", "soon")
    const nothing = await tidewire(["kill"])
    assert.deepStrictEqual([unreachable.code, within.code, nothing.code], [2, 2, 2])
    assert.include(unreachable.stderr, "an engine without a journal cannot be reached")
    assert.include(within.stderr, '--within: "soon" is no duration; expected one such as 10s')
  }, 30_000)
})
