/** Definitions of accounts from unknown JSON. What is wrong is answered with what was expected, never with a secret. */
import { BadRequest, isFields } from "../faults/parseFault.ts"
import { isMarketKind, type MarketKind, marketKinds } from "../market/definition.ts"
import { type AccountDefinition, type WalletName, walletNames } from "./AccountDefinition.ts"
import { isText } from "./money.ts"

type Fields = Readonly<Record<string, unknown>>

const names = ["key", "secret", "ed25519PublicKey", "markets", "balances", "positionMode"]

const text = (fields: Fields, name: string): string | undefined => {
  const value = fields[name]
  if (value === undefined) return undefined
  if (typeof value !== "string" || value === "") throw new BadRequest(`${name}: expected a text`)
  return value
}

const marketsOf = (value: unknown): ReadonlyArray<MarketKind> | undefined => {
  if (value === undefined) return undefined
  if (!Array.isArray(value) || !value.every(isMarketKind))
    throw new BadRequest(`markets: expected some of ${marketKinds.join(", ")}`)
  return value
}

const balancesOf = (value: unknown): AccountDefinition["balances"] => {
  if (value === undefined) return undefined
  if (!isFields(value)) throw new BadRequest(`balances: expected an object by ${walletNames.join(", ")}`)
  for (const [wallet, assets] of Object.entries(value)) {
    if (!walletNames.includes(wallet as WalletName))
      throw new BadRequest(`balances.${wallet}: expected one of ${walletNames.join(", ")}`)
    const isRight =
      isFields(assets) && Object.values(assets).every((amount) => typeof amount === "string" && isText(amount))
    if (!isRight) throw new BadRequest(`balances.${wallet}: expected decimal texts by asset`)
  }
  return value as AccountDefinition["balances"]
}

export const accountOf = (fields: Fields): AccountDefinition => {
  const unknown = Object.keys(fields).find((name) => !names.includes(name))
  if (unknown !== undefined) throw new BadRequest(`${unknown}: unknown; expected one of ${names.join(", ")}`)
  const key = text(fields, "key")
  if (key === undefined) throw new BadRequest("key: expected a text")
  const [secret, ed25519PublicKey] = [text(fields, "secret"), text(fields, "ed25519PublicKey")]
  const [markets, balances] = [marketsOf(fields["markets"]), balancesOf(fields["balances"])]
  const mode = text(fields, "positionMode")
  if (mode !== undefined && mode !== "oneWay" && mode !== "hedge")
    throw new BadRequest("positionMode: expected one of oneWay, hedge")
  return {
    key,
    ...(secret === undefined ? {} : { secret }),
    ...(ed25519PublicKey === undefined ? {} : { ed25519PublicKey }),
    ...(markets === undefined ? {} : { markets }),
    ...(balances === undefined ? {} : { balances }),
    ...(mode === undefined ? {} : { positionMode: mode })
  }
}

/** A text of JSON: a list of accounts, no key twice. */
export const parseAccounts = (source: string): ReadonlyArray<AccountDefinition> => {
  let value: unknown
  try {
    value = JSON.parse(source)
  } catch {
    throw new BadRequest("expected JSON")
  }
  if (!Array.isArray(value) || !value.every(isFields)) throw new BadRequest("expected a list of accounts")
  const accounts = value.map(accountOf)
  for (const { ed25519PublicKey, key, secret } of accounts) {
    if (secret === undefined && ed25519PublicKey === undefined) {
      throw new BadRequest(`${key}: expected a secret or an ed25519PublicKey`)
    }
    if (accounts.filter((each) => each.key === key).length > 1) throw new BadRequest(`${key}: there twice`)
  }
  return accounts
}
