/**
 * What the venue's codes mean to an account, for all its markets: spot's are those from 170001 on.
 * Source: docs/venues/bybit.md, "Codes of accounts".
 */

/**
 * - `giveUp`: refused, and would be again.
 * - `query`: whether it was carried out is not known; looked up by client order id.
 * - `wait`: refused for now, certainly not carried out.
 * - `busy`: as `wait`, and only for a moment.
 * - `clock`: our stamp was wrong, certainly not carried out; once more after the clock was measured.
 * - `key`: the key, its secret or its environment.
 * - `halt`: this account may not trade here now.
 * - `gone`: there is no such order, or it has ended.
 * - `done`: it is as it was asked to be.
 */
export type Action = "giveUp" | "query" | "wait" | "busy" | "clock" | "key" | "halt" | "gone" | "done"

const each = (action: Action, ...codes: ReadonlyArray<number>): ReadonlyArray<readonly [number, Action]> =>
  codes.map((code) => [code, action])

export const codes: ReadonlyMap<number, Action> = new Map<number, Action>([
  // timeouts and failures of the servers
  ...each("query", 10000, 10016, 10019, 429, 10429, 500000),
  ...each("query", 170001, 170005, 170007, 170032, 170146, 170147),
  // sent twice: an order, an id of a request, an id of an order
  ...each("query", 10014, 20006, 110072, 170141),
  ...each("clock", 10002, -1),
  ...each("key", 10003, 10004, 10007, 33004),
  ...each("halt", 10005, 10008, 10009, 10010, 10024, 10027, 10028),
  ...each("wait", 10006, 10403, 20003),
  ...each("busy", 110079, 170191),
  ...each("gone", 110001, 110008, 110010, 170139, 170142, 170143, 170213),
  ...each("done", 110025, 110026, 110043, 34040),
  // a parameter, a path, a word, a symbol
  ...each("giveUp", 10001, 10017, 10029, 10404),
  // price, size, worth
  ...each("giveUp", 110003, 110017, 110094, 170124, 170132, 170133, 170134, 170135, 170136, 170137, 170140),
  // funds
  ...each("giveUp", 110004, 110006, 110007, 110012, 110044, 110045, 110052, 170131),
  // too many orders; a symbol that does not trade now; a trigger on the wrong side; spot's others
  ...each("giveUp", 110009, 110020, 110021, 110023, 110074, 110110, 110092, 110093, 170210, 170218)
])

/** Where the matching engines have their codes: one that we do not know is a refusal there, and anywhere else a riddle. */
export const isOfEngine = (code: number): boolean =>
  (code >= 110_000 && code < 111_000) || (code >= 170_100 && code < 171_000)
