/** What the configurations of the strategies share: where the venues are. */

/**
 * For `endpoints`: the simulator's base URLs when TIDEWIRE_SIMULATOR_URL names one, else nothing, which is the venue itself.
 */
export const endpoints = (): Readonly<Record<string, string>> => {
  const url = process.env["TIDEWIRE_SIMULATOR_URL"]
  return url === undefined ? {} : { stream: url.replace(/^http/, "ws"), rest: url }
}
