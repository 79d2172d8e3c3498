/**
 * Live trading is asked for twice, by the configuration and by a flag: each alone is refused, so that neither a copied file nor
 * a flag out of the shell's history sends an order.
 */
import type { Problem } from "../configuration/Problem.ts"
import type { EngineDeployment } from "./EngineDeployment.ts"

export const problemsOf = (engine: EngineDeployment | undefined, isLive: boolean): ReadonlyArray<Problem> => {
  if (engine?.mode === "live" && !isLive) {
    const message =
      '"live" trades with real money, and was asked for in the configuration only; expected --live on the command line as well, or mode "paper"'
    return [{ path: "engine.mode", message }]
  }
  if (isLive && engine === undefined) {
    return [{ path: "--live", message: 'there is no engine in the configuration; expected one with mode "live"' }]
  }
  if (isLive && engine?.mode === "paper") {
    const message =
      'trades with real money, and was asked for on the command line only; expected mode "live" in the engine of the configuration as well'
    return [{ path: "--live", message }]
  }
  return []
}
