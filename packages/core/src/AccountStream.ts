/**
 * The private stream of an account, as the engine must know it (`StreamState`): up with a number, or down with a reason.
 *
 * Guarantees: the number grows whenever something may have been missed, and only then; nobody else writes it.
 */
import * as Effect from "effect/Effect"
import * as SubscriptionRef from "effect/SubscriptionRef"
import type { StreamState } from "./Trading.ts"

export class AccountStream {
  readonly ref: SubscriptionRef.SubscriptionRef<StreamState>
  #sessions = 0

  private constructor(ref: SubscriptionRef.SubscriptionRef<StreamState>) {
    this.ref = ref
  }

  static readonly make: Effect.Effect<AccountStream> = Effect.map(
    SubscriptionRef.make<StreamState>({ _tag: "Down", reason: undefined }),
    (ref) => new AccountStream(ref)
  )

  get isUp(): boolean {
    return SubscriptionRef.getUnsafe(this.ref)._tag === "Up"
  }

  /** A session delivers; one that does already changes nothing. */
  up(): void {
    if (!this.isUp) this.missed()
  }

  /** It delivers, and something may have been missed until now. */
  missed(): void {
    this.#write({ _tag: "Up", session: ++this.#sessions })
  }

  down(reason: string | undefined): void {
    if (this.isUp || reason !== undefined) this.#write({ _tag: "Down", reason })
  }

  #write(state: StreamState): void {
    // nobody else writes, so this never waits
    Effect.runSync(SubscriptionRef.set(this.ref, state))
  }
}
