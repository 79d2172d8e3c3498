/**
 * The faults in force. Guarantees that they act in the order of injection, that each acts `count` times at most, and
 * that what they do depends on the sequence of occasions alone, never on chance.
 * Spent and expired faults leave the registry by themselves, at their time; what they held is undone once.
 */
import type { Cancel, Clock } from "../clock.ts"
import type { MarketKind } from "../market/definition.ts"
import type { Route } from "../socket/SocketPath.ts"
import { type Fault, type FaultFilter, type FaultOf, lasting } from "./Fault.ts"

/** What a filter can look at in a connection, open or about to be. */
export interface Target {
  readonly id: number | undefined
  readonly market: MarketKind
  readonly route: Route | undefined
  readonly streams: ReadonlyArray<string>
  /** Of these streams. */
  readonly symbols: ReadonlyArray<string>
}

export interface Occasion {
  readonly stream?: string
  readonly symbol?: string | undefined
}

export interface ActiveFault {
  readonly id: number
  readonly fault: Fault
  left: number
  skip: number
  acted: number
  readonly expiresAt: number
  /** Connections it is bound to; undefined for any. */
  readonly bound: Set<number> | undefined
  /** `connection/stream` that a fresh SUBSCRIBE has healed of `silentStream`. */
  readonly healed: Set<string>
  /** Undoes what holds while the fault is in force. */
  readonly undo: Array<() => void>
  readonly timer: Cancel | undefined
}

/** Whether a text is of a pattern, in which `*` stands for anything. */
export const glob = (pattern: string, text: string): boolean => {
  if (!pattern.includes("*")) return pattern === text
  const escaped = pattern.split("*").map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"))
  return new RegExp(`^${escaped.join(".*")}$`).test(text)
}

/** Whether a connection (by all its streams) or one occasion on it is meant. */
export const matches = (filter: FaultFilter, target: Target, occasion?: Occasion): boolean => {
  if (filter.market !== undefined && filter.market !== target.market) return false
  if (filter.route !== undefined && filter.route !== target.route) return false
  if (filter.connection !== undefined && filter.connection !== target.id) return false
  const streams = occasion?.stream === undefined ? target.streams : [occasion.stream]
  const symbols = occasion === undefined ? target.symbols : [occasion.symbol]
  if (filter.symbol !== undefined && !symbols.includes(filter.symbol)) return false
  const { stream } = filter
  return stream === undefined || streams.some((name) => glob(stream, name))
}

export class FaultRegistry {
  /** By how much clocks were ever set off, in milliseconds. */
  readonly skews = new Set([0])
  /** Until when connections stall or lag, as far as that was said. */
  lateUntilMs = 0
  private readonly clock: Clock
  private active: Array<ActiveFault> = []
  private nextId = 1

  constructor(clock: Clock) {
    this.clock = clock
  }

  /** No fault is in force. */
  get isCalm(): boolean {
    return this.active.length === 0
  }

  /** Puts a fault in force; `bound` limits it to these connections. */
  add(fault: Fault, bound?: Iterable<number>): ActiveFault {
    const { durationMs } = fault
    const endless = durationMs !== undefined || lasting.includes(fault.kind)
    const entry: ActiveFault = {
      id: this.nextId++,
      fault,
      left: fault.count ?? (endless ? Infinity : 1),
      skip: fault.after ?? 0,
      acted: 0,
      expiresAt: durationMs === undefined ? Infinity : this.clock.now() + durationMs,
      bound: bound === undefined ? undefined : new Set(bound),
      healed: new Set(),
      undo: [],
      timer: durationMs === undefined ? undefined : this.clock.after(durationMs, () => this.expire())
    }
    if (fault.kind === "skewedClock") this.noteSkew(fault.offsetMs)
    if (fault.kind === "slowReader" || fault.kind === "lag") {
      const delayMs = fault.kind === "lag" ? fault.delayMs : 0
      this.lateUntilMs = Math.max(this.lateUntilMs, Math.min(entry.expiresAt, Number.MAX_SAFE_INTEGER) + delayMs)
    }
    this.active.push(entry)
    return entry
  }

  /** A client subscribed again: streams that were silent until then speak. */
  heal(connection: number, stream: string): void {
    for (const { fault, healed } of this.active) {
      if (fault.kind === "silentStream" && fault.until === "resubscribe") healed.add(`${connection}/${stream}`)
    }
  }

  /** A number for a fault that acted at once and leaves nothing in force. */
  takeId(): number {
    return this.nextId++
  }

  clear(id?: number): number {
    this.lateUntilMs = Math.min(this.lateUntilMs, this.clock.now())
    return this.end((entry) => id === undefined || entry.id === id)
  }

  list(): ReadonlyArray<ActiveFault> {
    this.expire()
    return this.active
  }

  /** The faults of these kinds that are meant, in order, without using them up. */
  meant<K extends Fault["kind"]>(
    kinds: ReadonlyArray<K>,
    target: Target,
    occasion?: Occasion
  ): Array<ActiveFault & { readonly fault: FaultOf<K> }> {
    if (this.active.length === 0) return []
    this.expire()
    return this.active.filter(
      (entry): entry is ActiveFault & { readonly fault: FaultOf<K> } =>
        (kinds as ReadonlyArray<string>).includes(entry.fault.kind) &&
        (entry.bound === undefined || (target.id !== undefined && entry.bound.has(target.id))) &&
        matches(entry.fault.filter ?? {}, target, occasion)
    )
  }

  /** Uses a fault up by one; false while it lets occasions pass. */
  use(entry: ActiveFault): boolean {
    if (entry.skip > 0) {
      entry.skip--
      return false
    }
    entry.acted++
    entry.left--
    if (entry.left <= 0) this.end((other) => other === entry)
    return true
  }

  /** Clocks that are off at the same time are off by the sum. */
  private noteSkew(offsetMs: number): void {
    let sums = [offsetMs]
    for (const { fault } of this.active) {
      if (fault.kind === "skewedClock") sums = sums.flatMap((sum) => [sum, sum + fault.offsetMs])
    }
    for (const sum of sums) this.skews.add(sum)
  }

  private expire(): void {
    const now = this.clock.now()
    if (this.active.some((entry) => entry.expiresAt <= now)) this.end((entry) => entry.expiresAt <= now)
  }

  private end(isOver: (entry: ActiveFault) => boolean): number {
    const over = this.active.filter(isOver)
    this.active = this.active.filter((entry) => !isOver(entry))
    for (const { timer, undo } of over) {
      timer?.()
      for (const each of undo) each()
    }
    return over.length
  }
}
