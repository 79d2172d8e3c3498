/**
 * One account: its wallets, positions and orders, and whoever listens to it. Guarantees that listeners are told in the
 * order in which things happen; while a request is being answered what they would send waits for the answer. Orders that
 * ended are kept up to `ENDED_KEPT`, requests up to `REQUESTS_KEPT`; what is forgotten is counted.
 */
import type { MarketKind } from "../market/definition.ts"
import type { Market } from "../market/market.ts"
import { Ring } from "../market/ring.ts"
import { type AccountDefinition, usualBalances, walletOf, type WalletName } from "./AccountDefinition.ts"
import type { AccountEvent } from "./AccountEvent.ts"
import type { Money } from "./money.ts"
import { Position } from "./Position.ts"
import { isOver, type Leg, type UserOrder } from "./UserOrder.ts"
import { Wallet } from "./Wallet.ts"

const ENDED_KEPT = 20_000
const REQUESTS_KEPT = 20_000
const FUNDINGS_KEPT = 1_000

/** An order request as it came, whatever became of it. */
export interface OrderRecord {
  readonly time: number
  readonly market: MarketKind
  readonly by: "rest" | "socket"
  readonly request: "place" | "cancel" | "amend"
  readonly symbol: string | undefined
  readonly clientId: string | undefined
  readonly orderId: string | undefined
  /** Empty while it is being answered. */
  outcome: string
}

export interface FundingPayment {
  readonly market: Market
  readonly asset: string
  readonly amount: Money
  readonly rate: Money
  /** Steps, negative when short. */
  readonly size: number
  readonly executionId: number
  readonly time: number
}

/** Puts an event into words at once; what it answers is sent when its time has come. */
export type AccountListener = (event: AccountEvent) => (() => void) | undefined

export class Account {
  readonly definition: AccountDefinition
  /** The venues' number of the user. */
  readonly uid: number
  readonly wallets: Readonly<Record<WalletName, Wallet>>
  readonly orders = new Map<number, UserOrder>()
  readonly positions = new Map<string, Position>()
  readonly requests = new Ring<OrderRecord>(REQUESTS_KEPT)
  readonly fundings = new Ring<FundingPayment>(FUNDINGS_KEPT)
  readonly listeners = new Set<AccountListener>()
  positionMode: "oneWay" | "hedge"
  requestCount = 0
  forgottenOrders = 0
  private readonly open = new Set<UserOrder>()
  private readonly ended = new Ring<UserOrder>(ENDED_KEPT)
  private waiting: Array<() => void> | undefined

  constructor(definition: AccountDefinition, uid: number) {
    const wallet = (name: WalletName) => new Wallet(definition.balances?.[name] ?? usualBalances[name])
    this.definition = definition
    this.uid = uid
    this.positionMode = definition.positionMode ?? "oneWay"
    this.wallets = { spot: wallet("spot"), usdm: wallet("usdm"), bybit: wallet("bybit") }
  }

  get key(): string {
    return this.definition.key
  }

  maySee(market: MarketKind): boolean {
    return this.definition.markets?.includes(market) ?? true
  }

  wallet(market: MarketKind): Wallet {
    return this.wallets[walletOf[market]]
  }

  position(market: Market, leg: Leg): Position {
    const { market: kind, symbol } = market.definition
    const key = `${kind}/${symbol}/${leg}`
    const position = this.positions.get(key) ?? new Position(market, leg)
    this.positions.set(key, position)
    return position
  }

  positionsOf(kind: MarketKind): Array<Position> {
    return [...this.positions.values()].filter(({ market }) => market.definition.market === kind)
  }

  /** Not ended, oldest first. */
  openOrders(kind?: MarketKind, symbol?: string): Array<UserOrder> {
    return [...this.open].filter(
      ({ market: { definition } }) =>
        (kind === undefined || definition.market === kind) && (symbol === undefined || definition.symbol === symbol)
    )
  }

  /** By the venue's id or by ours; of several with one client id, the newest. */
  find(
    kind: MarketKind,
    symbol: string | undefined,
    by: { readonly id?: number | undefined; readonly clientId?: string | undefined }
  ): UserOrder | undefined {
    const fits = ({ clientId, id, market: { definition } }: UserOrder): boolean =>
      definition.market === kind &&
      (symbol === undefined || definition.symbol === symbol) &&
      (by.id === undefined ? clientId === by.clientId : id === by.id)
    if (by.id !== undefined) {
      const order = this.orders.get(by.id)
      return order !== undefined && fits(order) ? order : undefined
    }
    let found: UserOrder | undefined
    for (const order of this.orders.values()) if (fits(order)) found = order
    return found
  }

  keep(order: UserOrder): void {
    this.orders.set(order.id, order)
    this.open.add(order)
  }

  isOpen(order: UserOrder): boolean {
    return this.open.has(order)
  }

  /** It has ended. */
  retire(order: UserOrder): void {
    if (!isOver(order) || !this.open.delete(order)) return
    if (this.ended.length === this.ended.capacity) {
      this.orders.delete(this.ended.at(0)!.id)
      this.forgottenOrders++
    }
    this.ended.push(order)
  }

  record(request: OrderRecord): OrderRecord {
    this.requestCount++
    this.requests.push(request)
    return request
  }

  tell(event: AccountEvent): void {
    for (const listener of this.listeners) {
      const send = listener(event)
      if (send === undefined) continue
      if (this.waiting === undefined) send()
      else this.waiting.push(send)
    }
  }

  /** From now on what listeners would send waits; answers how to let it go. */
  hold(): () => void {
    if (this.waiting !== undefined) return () => {}
    const waiting: Array<() => void> = []
    this.waiting = waiting
    return () => {
      if (this.waiting === waiting) this.waiting = undefined
      for (const send of waiting.splice(0)) send()
    }
  }
}
