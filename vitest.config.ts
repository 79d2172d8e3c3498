import { defineConfig } from "vitest/config"
import { reporters } from "./.ci/reporters.ts"

export default defineConfig({
  test: {
    include: [
      "packages/*/test/**/*.test.ts",
      "apps/*/test/**/*.test.ts",
      "bench/test/**/*.test.ts",
      "test/**/*.test.ts"
    ],
    testTimeout: 30_000,
    maxWorkers: 4,
    reporters: reporters("test")
  }
})
