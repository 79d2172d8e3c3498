/**
 * What a key may do, as the venue tells whoever has it.
 * Source: docs/venues/bybit.md, "Rights of a key".
 */
import type { Trading } from "@tidewire/core"
import type { Market } from "../market.ts"
import type * as wire from "../wire.ts"

/** Stands for every address. */
const ANYWHERE = "*"

export const of = (key: typeof wire.KeyInformation.Type, { category }: Market): Trading.Rights => {
  const { expiredAt = "", ips = [], permissions, readOnly } = key
  const granted = category === "spot" ? permissions.Spot : permissions.ContractTrade
  const expiresAt = Date.parse(expiredAt)
  return {
    trade: readOnly === 0 && (granted ?? []).length > 0,
    withdraw: readOnly === 0 && (permissions.Wallet ?? []).includes("Withdraw"),
    addresses: ips.filter((each) => each !== ANYWHERE),
    ...(!Number.isNaN(expiresAt) && { expiresAt })
  }
}
