/**
 * Client order ids: `tw` + boot + instance + `-` + count, all in base 36: `twmhx3k2a0q7zd-1f`.
 *
 * Guarantees: at most 36 of `A-Z a-z 0-9 - _`. Never given twice by one journal, though the clock goes back, because a boot is
 * higher than all that the journal knows; nor by two engines with journals of their own, but for a start in the same
 * millisecond with the same four random digits (1 in 1 679 616).
 */
const PREFIX = "tw"
const INSTANCE_DIGITS = 4
const INSTANCES = 36 ** INSTANCE_DIGITS

export interface ClientOrderIds {
  readonly boot: number
  readonly next: () => string
}

/** `random` is in [0, 1). `lastBoot` is the highest that the journal knows. */
export const make = (setup: {
  readonly now: number
  readonly lastBoot: number | undefined
  readonly random: number
}): ClientOrderIds => {
  const boot = Math.max(Math.floor(setup.now), (setup.lastBoot ?? -1) + 1)
  const instance = Math.floor(setup.random * INSTANCES)
    .toString(36)
    .padStart(INSTANCE_DIGITS, "0")
  let count = 0
  return { boot, next: () => `${PREFIX}${boot.toString(36)}${instance}-${(count++).toString(36)}` }
}

/** That an engine gave it: this one, or another. */
export const isOurs = (clientOrderId: string): boolean => bootOf(clientOrderId) !== undefined

/** The boot in an id; `undefined` for an id that no engine gave. */
export const bootOf = (clientOrderId: string): number | undefined => {
  const digits = /^tw([0-9a-z]+)[0-9a-z]{4}-[0-9a-z]+$/.exec(clientOrderId)?.[1]
  return digits === undefined ? undefined : Number.parseInt(digits, 36)
}
