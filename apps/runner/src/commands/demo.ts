/** The demo: a configuration like any other, with its endpoints on a simulator that is started for it. */
import { fileURLToPath } from "node:url"
import * as Effect from "effect/Effect"
import * as ConfigurationFile from "../configuration/configurationFile.ts"
import * as SimulatorProcess from "../process/simulatorProcess.ts"
import { session } from "./session.ts"
import type { StreamOptions } from "./streamFlags.ts"

const configuration = fileURLToPath(new URL("../../demo/tidewire.yaml", import.meta.url))

export const demo = Effect.fnUntraced(function* (options: StreamOptions) {
  const file = yield* ConfigurationFile.read(configuration)
  const { url, wsUrl } = yield* SimulatorProcess.start(["--port", "0"])
  const environment = { ...process.env, TIDEWIRE_SIMULATOR_URL: url, TIDEWIRE_SIMULATOR_WS_URL: wsUrl }
  yield* session({ ...options, file, environment })
}, Effect.scoped)
