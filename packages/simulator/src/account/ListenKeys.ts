/**
 * Listen keys: one an account, alive for an hour (scaled) after it was last asked for or kept alive. Guarantees that each
 * expires once, and that its watchers are told then.
 */
import type { Cancel, Clock } from "../clock.ts"
import { make as makeRandom } from "../random.ts"
import type { Account } from "./Account.ts"

const LIFE_MS = 3_600_000
const LENGTH = 64
const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"

interface Entry {
  readonly key: string
  readonly account: Account
  timer: Cancel
}

export class ListenKeys {
  /** Told of each key that has ended, once it is no key any more. */
  readonly watchers = new Set<(key: string) => void>()
  private readonly clock: Clock
  private readonly lifeMs: number
  private readonly byKey = new Map<string, Entry>()
  private readonly byAccount = new Map<Account, Entry>()
  private made = 0

  constructor(clock: Clock, clockScale: number) {
    this.clock = clock
    this.lifeMs = LIFE_MS / clockScale
  }

  /** The account's key, which lives on from now. */
  open(account: Account): string {
    const known = this.byAccount.get(account)
    if (known !== undefined) {
      this.renew(known)
      return known.key
    }
    const random = makeRandom(`listenKey/${account.key}/${this.made++}`)
    const key = Array.from({ length: LENGTH }, () => letters[random.int(letters.length)]).join("")
    const entry: Entry = { key, account, timer: this.expiry(key) }
    this.byKey.set(key, entry)
    this.byAccount.set(account, entry)
    return key
  }

  /** False when the account has none. */
  keepAlive(account: Account): string | undefined {
    const known = this.byAccount.get(account)
    if (known !== undefined) this.renew(known)
    return known?.key
  }

  /** The one that lives now; looking does not renew it. */
  keyOf(account: Account): string | undefined {
    return this.byAccount.get(account)?.key
  }

  /** Whose it is, while it lives. */
  ownerOf(key: string): Account | undefined {
    return this.byKey.get(key)?.account
  }

  close(account: Account): void {
    const known = this.byAccount.get(account)
    if (known !== undefined) this.end(known.key)
  }

  /** Ends a key; nothing when it is none. */
  end(key: string): void {
    const entry = this.byKey.get(key)
    if (entry === undefined) return
    entry.timer()
    this.byKey.delete(key)
    this.byAccount.delete(entry.account)
    for (const watcher of this.watchers) watcher(key)
  }

  stop(): void {
    for (const { timer } of this.byKey.values()) timer()
  }

  private renew(entry: Entry): void {
    entry.timer()
    entry.timer = this.expiry(entry.key)
  }

  private expiry(key: string): Cancel {
    return this.clock.after(this.lifeMs, () => this.end(key))
  }
}
