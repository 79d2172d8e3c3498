/**
 * What the venue's codes mean to an account, one table a market: -2021 and -2022 differ between them.
 * Source: docs/venues/binance.md, "Codes of accounts".
 */

/**
 * - `giveUp`: refused, and would be again.
 * - `query`: whether it was carried out is not known; looked up by client order id.
 * - `wait`: refused for now, certainly not carried out.
 * - `clock`: our stamp was wrong, certainly not carried out; once more after the clock was measured.
 * - `key`: the key, its secret or its address.
 * - `halt`: this account may not trade here now.
 * - `down`: the venue is going away.
 * - `unsupported`: no such operation here.
 * - `gone`: there is no such order (any more).
 * - `done`: it is as it was asked to be.
 * - `renew`: the session of the private stream has to be begun anew.
 */
export type Action =
  | "giveUp"
  | "query"
  | "wait"
  | "clock"
  | "key"
  | "halt"
  | "down"
  | "unsupported"
  | "gone"
  | "done"
  | "renew"

/** The codes from one to another, both among them. */
const between = (from: number, to: number, action: Action): ReadonlyArray<readonly [number, Action]> =>
  Array.from({ length: from - to + 1 }, (_, index) => [from - index, action])

const each = (codes: ReadonlyArray<number>, action: Action): ReadonlyArray<readonly [number, Action]> =>
  codes.map((code) => [code, action])

const common: ReadonlyArray<readonly [number, Action]> = [
  ...each([-1000, -1001, -1006, -1007], "query"),
  ...each([-1002, -2014, -2015], "key"),
  // weight, overload, orders, connections
  ...each([-1003, -1008, -1015, -1034], "wait"),
  ...each([-1013, -1014], "giveUp"),
  ...each([-1016], "down"),
  ...each([-1020], "unsupported"),
  ...each([-1021], "clock"),
  ...each([-1022], "key"),
  // malformed, precision, symbol, range
  ...between(-1100, -1106, "giveUp"),
  ...each([-1108, -1111], "giveUp"),
  ...between(-1114, -1122, "giveUp"),
  ...each([-1127, -1128, -1130, -1135, -1220], "giveUp"),
  ...each([-2010], "giveUp"),
  ...each([-2011, -2013, -2026], "gone"),
  ...each([-2018, -2019, -2020], "giveUp")
]

export const spot: ReadonlyMap<number, Action> = new Map<number, Action>([
  ...common,
  // replacements of orders, which are not used
  ...each([-2021, -2022], "giveUp"),
  ...each([-2035], "done"),
  ...each([-2036, -2042], "renew")
])

export const usdm: ReadonlyMap<number, Action> = new Map<number, Action>([
  ...common,
  ...each([-1125], "renew"),
  // triggers at once; may not make the position smaller
  ...each([-2021, -2022], "giveUp"),
  ...each([-2023], "halt"),
  // caps of open orders and leverage
  ...between(-2025, -2028, "giveUp"),
  // sizes, prices, grids, bands
  ...between(-4003, -4005, "giveUp"),
  ...each([-4013, -4014, -4015, -4016, -4021, -4023, -4024, -4131], "giveUp"),
  ...each([-4046, -4059], "done"),
  ...each([-4061], "halt"),
  // an order of ours has this id already
  ...each([-4116], "query"),
  ...each([-4118, -4120, -4164, -4166], "giveUp"),
  ...each([-4400, -4531], "halt"),
  ...between(-5021, -5026, "giveUp"),
  ...each([-5027], "done"),
  ...each([-5028], "clock"),
  ...each([-5029], "giveUp")
])

/** Refusals that one code does not tell apart: the whole of the venue's text, without its full stop. */
export const texts: ReadonlyMap<string, Action> = new Map<string, Action>([
  // -2010: an earlier one of ours has arrived
  ["Duplicate order sent", "query"],
  // HTTP 503 of futures, which has no code of its own
  ["Unknown error, please check your request or try again later", "query"],
  ["Service Unavailable", "wait"],
  ["Internal error; unable to process your request. Please try again", "wait"]
])
