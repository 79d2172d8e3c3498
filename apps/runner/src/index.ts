export { type ConfigurationInput, defineConfig } from "./configuration/Configuration.ts"
export * as Runner from "./Runner.ts"
