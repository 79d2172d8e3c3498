import { assert, describe, it } from "vitest"
import { type Options, read } from "../src/options.ts"

const options = (...args: ReadonlyArray<string>): Options => {
  const found = read(args)
  if (found === "help" || "problem" in found) throw new Error(JSON.stringify(found))
  return found
}

describe("what is published", () => {
  it.each<readonly [publishes: boolean, args: ReadonlyArray<string>]>([
    [true, []],
    [true, ["--runs", "7"]],
    [true, ["--only", "trades,depth", "--publish"]],
    [false, ["--runs", "4"]],
    [false, ["--only", "trades"]],
    [false, ["--frames", "1000"]],
    [false, ["--seconds", "1"]],
    [false, ["--profile"]],
    [false, ["--smoke"]]
  ])("%s: %j", (publishes, args) => {
    assert.strictEqual(options(...args).isPublished, publishes)
  })

  it.each([["--smoke"], ["--runs", "4"], ["--frames", "9"]])("a short run cannot be asked to be: %s", (...args) => {
    assert.include(read([...args, "--publish"]), {
      problem: "--publish: needs 5 runs or more, and no --smoke, --profile, --frames or --seconds"
    })
  })
})

it("an unknown series is named, with those there are", () => {
  const found = read(["--only", "trades,speed"])
  assert.match((found as { problem: string }).problem, /^--only: expected trades, .*memory-streams, got speed$/)
})

it("a number of runs is a whole number above 0", () => {
  assert.deepInclude(read(["--runs", "0"]), { problem: "--runs: expected a whole number above 0, got 0" })
})
