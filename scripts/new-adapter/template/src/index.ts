export { adapter, Options } from "./adapter.ts"
export { NewVenue } from "./NewVenue.ts"
export { makeVenue } from "./venue.ts"
export * as wire from "./wire.ts"
