export { type ConfigurationInput, defineConfig } from "./configuration/Configuration.ts"
export * as Runner from "./Runner.ts"
export * as SqliteJournal from "./journal/SqliteJournal.ts"
