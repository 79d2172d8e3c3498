/** The configuration of a recording with other strategies in the place of the recorded ones; with none, as it is. */
import { isRecord } from "../configuration/valueAt.ts"
import type { Header } from "../record/Tape.ts"

export const withStrategies = ({ configuration }: Header, modules: ReadonlyArray<string>): unknown => {
  if (modules.length === 0 || !isRecord(configuration)) return configuration
  const engine = isRecord(configuration["engine"]) ? configuration["engine"] : { mode: "paper" }
  return { ...configuration, engine: { ...engine, strategies: modules.map((module) => ({ module })) } }
}
