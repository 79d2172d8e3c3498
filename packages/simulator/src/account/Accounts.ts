/** Every account of a simulator, by its key. */
import { BadRequest } from "../faults/parseFault.ts"
import { Account } from "./Account.ts"
import type { AccountDefinition } from "./AccountDefinition.ts"

const FIRST_UID = 354_937_868

export class Accounts {
  private readonly byKey = new Map<string, Account>()

  constructor(definitions: ReadonlyArray<AccountDefinition>) {
    for (const definition of definitions) this.add(definition)
  }

  add(definition: AccountDefinition): Account {
    const { ed25519PublicKey, key, secret } = definition
    if (key === "") throw new BadRequest("key: expected a text")
    if (this.byKey.has(key)) throw new BadRequest(`key: there is an account ${key}`)
    if (secret === undefined && ed25519PublicKey === undefined)
      throw new BadRequest("secret: expected a text, or ed25519PublicKey")
    const account = new Account(definition, FIRST_UID + this.byKey.size)
    this.byKey.set(key, account)
    return account
  }

  find(key: string): Account | undefined {
    return this.byKey.get(key)
  }

  all(): Iterable<Account> {
    return this.byKey.values()
  }
}
