/**
 * The connections of one venue, as the client tells them: every step is one that a connection can take; `Active` is
 * claimed only while the exchange has an open socket that carries everything it should, or had one a moment ago, and
 * while something is sent on it, or was within the time a client may take to see that it went silent.
 */
import type { MarketKind } from "../market/definition.ts"
import type { ConnectionEvent } from "./ClientEvent.ts"
import { type Findings, complainer } from "./Report.ts"
import type { Carried } from "./Channels.ts"
import type { Truth } from "./Truth.ts"

/** What a client means to connect to; `VenueAdapter.plan` answers in this shape. */
export interface PlannedConnection {
  readonly name: string
  readonly subscriptions: ReadonlyArray<{ readonly symbol: string; readonly channel: string }>
}

export interface ConnectionRules {
  readonly graceMs: number
  readonly detectWithinMs: number
}

/** Beside these, everything may lead to `Stopped`. */
const steps: Readonly<Record<string, ReadonlyArray<string>>> = {
  Stopped: ["Connecting"],
  Connecting: ["Connected", "Reconnecting"],
  Connected: ["Authenticating", "Subscribing", "Reconnecting"],
  Authenticating: ["Subscribing", "Reconnecting"],
  Subscribing: ["Subscribing", "Active", "Reconnecting"],
  // again with a reason, when another socket has taken over
  Active: ["Active", "Subscribing", "Reconnecting"],
  Reconnecting: ["Connecting", "Failed"],
  Failed: ["Connecting"]
}

interface Claim {
  state: string
  /** Since when no open socket carries it, in running time. */
  withoutSocketSince: number | undefined
  /** Since when nothing is sent on any socket that carries it, in running time. */
  silentSince: number | undefined
  carried: ReadonlyArray<Carried>
}

export class ConnectionsCheck {
  private readonly venue: string
  private readonly kind: MarketKind
  private readonly truth: Truth
  private readonly findings: Findings
  private readonly rules: ConnectionRules
  /** Milliseconds that the process has run. */
  private readonly ran: () => number
  private readonly claims = new Map<string, Claim>()

  constructor(
    venue: string,
    kind: MarketKind,
    plan: ReadonlyArray<PlannedConnection>,
    truth: Truth,
    findings: Findings,
    rules: ConnectionRules,
    ran: () => number
  ) {
    this.venue = venue
    this.kind = kind
    this.truth = truth
    this.findings = findings
    this.rules = rules
    this.ran = ran
    for (const { name, subscriptions } of plan) {
      const claim = { state: "Stopped", withoutSocketSince: undefined, silentSince: undefined, carried: subscriptions }
      this.claims.set(name, claim)
    }
  }

  accept({ connection, reason, receivedTime, state }: ConnectionEvent): void {
    const { accounted } = this.findings
    accounted.connectionEvents++
    if (state === "Reconnecting") accounted.reconnects++
    const claim = this.claims.get(connection) ?? this.split(connection)
    if (claim === undefined)
      return this.complain(connection, "unknown", "a connection that was not planned", receivedTime)
    const may = state === "Stopped" ? claim.state !== "Stopped" : steps[claim.state]?.includes(state) === true
    if (!may) this.complain(connection, "illegal-state", `${state} after ${claim.state}`, receivedTime)
    claim.state = state
    // from here on it carries less than was planned, and what that is is not known here
    if (reason?.startsWith("a part of it moves to ") === true) claim.carried = []
    claim.withoutSocketSince = claim.silentSince = undefined
    if (state === "Active") this.look(claim)
  }

  /** Looks at what is claimed now; to be called whenever a socket ends, and often enough beside. */
  check(): void {
    const now = this.ran()
    const at = this.truth.now()
    for (const [name, claim] of this.claims) {
      if (claim.state !== "Active") continue
      this.look(claim)
      const { detectWithinMs, graceMs } = this.rules
      // the end of a connection that is stalled arrives when the stall is over
      const isLate = at < this.truth.lateUntil() + graceMs
      if (!isLate && claim.withoutSocketSince !== undefined && now - claim.withoutSocketSince > graceMs) {
        const since = `no open socket carries all of it for ${now - claim.withoutSocketSince} ms`
        this.complain(name, "active-without-socket", since, at)
        claim.withoutSocketSince = Infinity
      }
      if (claim.silentSince !== undefined && now - claim.silentSince > detectWithinMs + graceMs) {
        this.complain(name, "active-but-silent", `nothing was sent for ${now - claim.silentSince} ms`, at)
        claim.silentSince = Infinity
      }
    }
  }

  finish(atMs: number): void {
    this.check()
    for (const [name, { state }] of this.claims) {
      if (state !== "Active") this.complain(name, "not-active", `is ${state}`, atMs)
    }
  }

  /** A client may spread what it planned for one connection; what each part carries is then not known here. */
  private split(name: string): Claim | undefined {
    const whole = this.claims.get(name.replace(/-\d+(#2)?$/, "$1"))
    if (whole === undefined) return undefined
    whole.carried = []
    const part: Claim = { state: "Stopped", withoutSocketSince: undefined, silentSince: undefined, carried: [] }
    this.claims.set(name, part)
    return part
  }

  private look(claim: Claim): void {
    const now = this.ran()
    const carrying = [...this.truth.connections].filter(({ path, target }) => {
      const { carries } = this.truth.channels(this.kind)
      const isCarried = ({ channel, symbol }: Carried) =>
        target.streams.some((stream) => carries(stream, symbol, channel))
      return path.market === this.kind && claim.carried.every(isCarried)
    })
    if (carrying.length > 0) claim.withoutSocketSince = undefined
    else claim.withoutSocketSince ??= now
    if (carrying.length === 0 || carrying.some((each) => !this.truth.isHalfOpen(each))) claim.silentSince = undefined
    else claim.silentSince ??= now
  }

  private complain(name: string, ...[kind, detail, at]: Parameters<ReturnType<typeof complainer>>): void {
    complainer(this.findings, { venue: this.venue, symbol: "", channel: name })(kind, detail, at)
  }
}
