import { defineConfig } from "vitest/config"
import { reporters } from "./.ci/reporters.ts"

/** The checks that the README's test command does not need: they build, pack, install, and run on other runtimes. */
export default defineConfig({
  test: {
    include: ["checks/**/*.check.ts"],
    testTimeout: 300_000,
    hookTimeout: 300_000,
    // they build and measure: one at a time
    fileParallelism: false,
    reporters: reporters("checks")
  }
})
