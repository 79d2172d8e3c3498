export * as Journal from "./Journal.ts"
export * as OrderDesk from "./OrderDesk.ts"
export * as Refusal from "./Refusal.ts"
export * as Strategy from "./Strategy.ts"
