export { adapter, type CcxtSetup, make } from "./adapter.ts"
export { Options } from "./settings.ts"
