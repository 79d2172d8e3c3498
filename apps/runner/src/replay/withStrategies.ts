/**
 * The configuration of a recording with other strategies in the place of the recorded ones, or without any; as it is when
 * nothing is said of them.
 */
import { isRecord } from "../configuration/valueAt.ts"
import type { Header } from "../record/Tape.ts"

/** In the place of a module: no strategy, and no engine. */
export const NONE = "none"

export const withStrategies = ({ configuration }: Header, modules: ReadonlyArray<string>): unknown => {
  if (modules.length === 0 || !isRecord(configuration)) return configuration
  if (modules.includes(NONE)) {
    const { engine: _engine, ...streams } = configuration
    return streams
  }
  const engine = isRecord(configuration["engine"]) ? configuration["engine"] : { mode: "paper" }
  return { ...configuration, engine: { ...engine, strategies: modules.map((module) => ({ module })) } }
}
