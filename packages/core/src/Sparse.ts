/**
 * Objects whose absent fields are not there: what is `undefined` in the making is no field of what is made.
 */
import type { Loose } from "./Exact.ts"

export const of = <E extends object>(loose: Loose<E>): E =>
  Object.fromEntries(Object.entries(loose).filter(([, value]) => value !== undefined)) as E
