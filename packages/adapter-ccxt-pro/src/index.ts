export { adapter } from "./adapter.ts"
export { type Hosts, Options } from "./settings.ts"
