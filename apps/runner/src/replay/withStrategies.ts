/**
 * The configuration of a recording with other strategies. What the recorded ones heard stays subscribed, so that the venues are
 * asked for exactly what was recorded.
 */
import { isRecord } from "../configuration/valueAt.ts"
import type { Header } from "../record/Tape.ts"

/** `modules` in the place of the recorded strategies; with none, the configuration as it is. */
export const withStrategies = ({ configuration, heard }: Header, modules: ReadonlyArray<string>): unknown => {
  if (modules.length === 0 || !isRecord(configuration)) return configuration
  const engine = isRecord(configuration["engine"]) ? configuration["engine"] : { mode: "paper" }
  const venues = Array.isArray(configuration["venues"]) ? configuration["venues"] : []
  return {
    ...configuration,
    venues: venues.map((venue: unknown) => (isRecord(venue) ? withHeard(venue, heard ?? []) : venue)),
    engine: { ...engine, strategies: modules.map((module) => ({ module })) }
  }
}

const withHeard = (venue: Record<string, unknown>, heard: NonNullable<Header["heard"]>): unknown => {
  const subscriptions = Array.isArray(venue["subscriptions"]) ? (venue["subscriptions"] as ReadonlyArray<unknown>) : []
  const own = heard
    .filter((each) => each.venue === (venue["name"] ?? venue["venue"]))
    .map(({ channels, symbol }) => ({ symbols: [symbol], channels }))
  return { ...venue, subscriptions: [...subscriptions, ...own] }
}
