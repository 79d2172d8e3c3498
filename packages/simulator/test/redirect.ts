/** Puts the simulator in front of every URL of a client's; the host stays as the path's first part. */
import type { Simulator } from "../src/index.ts"

export const redirect = (value: unknown, simulator: Simulator.Simulator): unknown => {
  if (typeof value === "string") return value.replace("https:/", simulator.url).replace("wss:/", simulator.wsUrl)
  if (typeof value !== "object" || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, redirect(inner, simulator)]))
}
