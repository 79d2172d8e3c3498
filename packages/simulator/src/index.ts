export * as Simulator from "./Simulator.ts"
export * as Scenario from "./scenario/Scenario.ts"
export * as Oracle from "./oracle/Oracle.ts"
export { type AccountDefinition, defaultAccount, type WalletName } from "./account/AccountDefinition.ts"
export { parseAccounts } from "./account/parseAccount.ts"
export type { AccountView, FillView, OrderView, PositionView } from "./account/views.ts"
export type { OrderRecord } from "./account/Account.ts"
export { clockFrom } from "./clockFrom.ts"
export { describe } from "./describe.ts"
export { exchange } from "./exchange/exchange.ts"
export { serve } from "./exchange/serve.ts"
export { type Clock, manual as manualClock, type ManualClock } from "./clock.ts"
export type { RestRules, SimulatorOptions, SocketRules } from "./SimulatorOptions.ts"
export { defaults as defaultMarkets, everyMarket, named as namedMarket } from "./market/catalogue.ts"
export { marketKinds } from "./market/definition.ts"
export type {
  BinanceMarket,
  BybitMarket,
  MarketDefinition,
  MarketKind,
  Rates,
  SymbolStatus
} from "./market/definition.ts"
export { type Interval, intervals } from "./market/interval.ts"
export type { Fault, FaultFilter, MalformedForm, NoticeShape } from "./faults/Fault.ts"
export { BadRequest, parseFault } from "./faults/parseFault.ts"
export type { Control } from "./control/Control.ts"
export type { AggregateView, BookView, FaultView, State, TradeView } from "./control/views.ts"
export type { PlayView } from "./scenario/Plays.ts"
export type { Injected } from "./control/inject.ts"
export type { ConnectionStats } from "./socket/Connection.ts"
export type { Dial } from "./socket/Dials.ts"
export type { RestStats } from "./rest/RestServer.ts"
export type { Route } from "./socket/SocketPath.ts"
export type { SentFrame } from "./socket/SentLog.ts"
