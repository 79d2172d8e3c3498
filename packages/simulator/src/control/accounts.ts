/**
 * What a test may know and change of accounts: who there is, what each really has and did, deposits, and the fill of an
 * order that rests.
 */
import type { AccountDefinition, WalletName } from "../account/AccountDefinition.ts"
import { isText, of } from "../account/money.ts"
import type { Trading } from "../account/Trading.ts"
import type { Account } from "../account/Account.ts"
import { walletNames } from "../account/AccountDefinition.ts"
import { type AccountView, viewOf } from "../account/views.ts"
import { BadRequest } from "../faults/parseFault.ts"
import { isBybit } from "../market/definition.ts"
import { orderIdOf } from "../bybit/trading/orderId.ts"
import type { UserOrder } from "../account/UserOrder.ts"

/** An order's id as its venue tells it. */
export const venueIdOf = (order: UserOrder): string =>
  isBybit(order.market.definition.market) ? orderIdOf(order) : String(order.id)

export class AccountsControl {
  private readonly trading: Trading

  constructor(trading: Trading) {
    this.trading = trading
  }

  /** The keys of all accounts. */
  keys(): Array<string> {
    return [...this.trading.accounts.all()].map(({ key }) => key)
  }

  add(definition: AccountDefinition): AccountView {
    return viewOf(this.trading.accounts.add(definition), venueIdOf)
  }

  /** All that is so. */
  view(key: string): AccountView {
    return viewOf(this.find(key), venueIdOf)
  }

  /** What nobody but the user should ever see: keys and secret, and the listen key of now. */
  secrets(key: string): Array<string> {
    const account = this.find(key)
    const { secret } = account.definition
    return [key, secret, this.trading.listenKeys.keyOf(account)].filter((each) => each !== undefined)
  }

  /** Adds to a balance, or with a minus takes from it; the account is told. */
  deposit(key: string, wallet: WalletName, asset: string, amount: string): AccountView {
    const account = this.find(key)
    if (!walletNames.includes(wallet)) throw new BadRequest(`wallet: expected one of ${walletNames.join(", ")}`)
    if (!isText(amount)) throw new BadRequest("amount: expected a decimal text")
    const by = of(amount)
    account.wallets[wallet].move(asset, by)
    const time = Math.floor(this.trading.clock.now())
    account.tell({
      type: "account",
      reason: "deposit",
      isFilled: false,
      wallet,
      market: undefined,
      assets: [asset],
      by,
      positions: [],
      time
    })
    return viewOf(account, venueIdOf)
  }

  /** The venue cancels an order by itself: all that is open of a symbol, or everything. */
  cancel(key: string, symbol?: string): number {
    const open = this.find(key)
      .openOrders()
      .filter(({ market }) => symbol === undefined || market.definition.symbol === symbol)
    for (const order of open) this.trading.floorOf[order.market.definition.market].cancel(order)
    return open.length
  }

  private find(key: string): Account {
    const account = this.trading.accounts.find(key)
    if (account === undefined) throw new BadRequest(`key: there is no account ${key}`)
    return account
  }
}
