/**
 * The demo: a configuration like any other, with its endpoints on a simulator that is started for it. It streams from the
 * venues whose adapters are installed, since a deployment has only those that it picked.
 */
import { fileURLToPath } from "node:url"
import * as Effect from "effect/Effect"
import * as EntryPoint from "../adapters/entryPoint.ts"
import * as ConfigurationFile from "../configuration/configurationFile.ts"
import { isRecord } from "../configuration/valueAt.ts"
import * as SimulatorProcess from "../process/simulatorProcess.ts"
import { session } from "./session.ts"
import type { StreamOptions } from "./streamFlags.ts"

/** Kill and resume can be tried where this is set. */
const TOKEN = "TIDEWIRE_TOKEN"

const configuration = fileURLToPath(new URL("../../demo/tidewire.yaml", import.meta.url))

export const demo = Effect.fnUntraced(function* (options: StreamOptions) {
  const { file: installed, left } = ofInstalled(yield* ConfigurationFile.read(configuration))
  const file = served(installed)
  if (left.length > 0) yield* Effect.logInfo("the demo leaves out what is not installed", { adapters: left.join(", ") })
  const { url, wsUrl } = yield* SimulatorProcess.start(["--port", "0"])
  const environment = { ...process.env, TIDEWIRE_SIMULATOR_URL: url, TIDEWIRE_SIMULATOR_WS_URL: wsUrl }
  yield* session({ ...options, file, environment, engine: "paper" })
}, Effect.scoped)

/** The configuration without the venues whose adapter is not there; whole when none is, so that this is told. */
const ofInstalled = (file: ConfigurationFile.ConfigurationFile) => {
  const venues = isRecord(file.value) && Array.isArray(file.value["venues"]) ? file.value["venues"] : []
  const adapters = new Set(venues.map((venue: unknown) => String(isRecord(venue) && venue["adapter"])))
  const left = [...adapters].filter((name) => EntryPoint.find(name, [file.folder, process.cwd()]) === undefined)
  if (left.length === 0 || left.length === adapters.size) return { file, left: [] }
  const kept = venues.filter((venue: unknown) => isRecord(venue) && !left.includes(String(venue["adapter"])))
  // the engine trades on a venue that may be left out
  const { engine: _, ...others } = isRecord(file.value) ? file.value : {}
  return { file: { ...file, value: { ...others, venues: kept } }, left }
}

/** A demo never fails for a port; what a token protects can be tried with one. */
const served = (file: ConfigurationFile.ConfigurationFile): ConfigurationFile.ConfigurationFile => {
  const http = { whenTaken: "free", ...(process.env[TOKEN] !== undefined && { token: { env: TOKEN } }) }
  return { ...file, value: { ...(file.value as Readonly<Record<string, unknown>>), http } }
}
