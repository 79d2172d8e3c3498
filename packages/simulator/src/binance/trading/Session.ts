/**
 * Who has logged on to a connection of the WebSocket API, and which user streams it has. Guarantees one subscription an
 * account; a logout ends the one that the logon opened. Source: Binance docs, "Session authentication", "User Data Stream
 * requests".
 */
import type { Account } from "../../account/Account.ts"
import type { BinanceMarket } from "../../market/definition.ts"
import type { Line } from "../../Protocol.ts"
import { RestFailure } from "../failure.ts"
import type { ApiRequest } from "./apiRequest.ts"
import type { Operation } from "./Operation.ts"
import { names, spotEvents } from "./spotEvents.ts"
import { attach } from "../../account/userStream.ts"

export interface SessionMethod {
  readonly weight: number
  readonly security: Operation["security"]
  readonly run: (who: () => Account, request: ApiRequest) => unknown
}

interface Subscription {
  readonly account: Account
  readonly byLogon: boolean
  readonly detach: () => void
}

const MOST_EVER = 65_535

export class Session {
  account: Account | undefined
  readonly methods: Readonly<Record<string, SessionMethod>>
  private readonly line: Line
  private readonly connectedSince: number
  private authorizedSince = 0
  private readonly subscriptions = new Map<number, Subscription>()
  private nextSubscription = 0
  /** Whose frame is being delivered. */
  private speaking: number | undefined

  constructor(line: Line, market: BinanceMarket) {
    this.line = line
    this.connectedSince = Math.floor(line.now())
    const every: Readonly<Record<string, SessionMethod>> = {
      "session.logon": { weight: 2, security: "signed", run: (who) => this.logon(who()) },
      "session.status": { weight: 2, security: "key", run: () => this.status() },
      "session.logout": { weight: 2, security: "key", run: () => this.logout() }
    }
    const streams: Readonly<Record<string, SessionMethod>> = {
      "session.subscriptions": { weight: 2, security: "key", run: () => this.list() },
      "userDataStream.subscribe": { weight: 2, security: "key", run: () => this.subscribeByLogon() },
      "userDataStream.subscribe.signature": {
        weight: 2,
        security: "signed",
        run: (who) => this.subscribe(who(), false)
      },
      "userDataStream.unsubscribe": {
        weight: 2,
        security: "key",
        run: (_, { parameters }) => this.unsubscribe(parameters.get("subscriptionId"))
      }
    }
    this.methods = market === "spot" ? { ...every, ...streams } : every
  }

  wrap(_: string, text: string): string {
    return `{"subscriptionId":${this.speaking ?? 0},"event":${text}}`
  }

  end(): void {
    for (const { detach } of this.subscriptions.values()) detach()
    this.subscriptions.clear()
  }

  private logon(account: Account): unknown {
    if (account.definition.ed25519PublicKey === undefined) {
      throw new RestFailure(-4056, "HMAC_SHA256 API key is not supported.")
    }
    this.account = account
    this.authorizedSince = Math.floor(this.line.now())
    return this.status()
  }

  private status() {
    const { account } = this
    return {
      apiKey: account?.key ?? null,
      authorizedSince: account === undefined ? null : this.authorizedSince,
      connectedSince: this.connectedSince,
      returnRateLimits: true,
      serverTime: Math.floor(this.line.now()),
      userDataStream: [...this.subscriptions.values()].some(({ byLogon }) => byLogon)
    }
  }

  private logout(): unknown {
    this.account = undefined
    for (const [id, { byLogon }] of this.subscriptions) if (byLogon) this.terminate(id)
    return this.status()
  }

  private list(): unknown {
    return [...this.subscriptions.keys()].map((subscriptionId) => ({ subscriptionId }))
  }

  private subscribeByLogon(): unknown {
    if (this.account === undefined) {
      throw new RestFailure(-2015, "Invalid API-key, IP, or permissions for action.", 401)
    }
    return this.subscribe(this.account, true)
  }

  private subscribe(account: Account, byLogon: boolean): unknown {
    if ([...this.subscriptions.values()].some((each) => each.account === account)) {
      throw new RestFailure(-2035, "User Data Stream subscription already active.")
    }
    if (this.nextSubscription > MOST_EVER)
      throw new RestFailure(-2042, "User Data Stream subscription ids are exhausted.")
    const subscriptionId = this.nextSubscription++
    // Under their names faults find them.
    for (const name of names) this.line.subscribe(name, undefined)()
    const detach = attach(this.line, account, spotEvents(account), ({ payload, stream, symbol }) => {
      if (this.subscriptions.has(subscriptionId)) this.speak(subscriptionId, stream, symbol, payload)
    })
    this.subscriptions.set(subscriptionId, { account, byLogon, detach })
    return { subscriptionId }
  }

  private unsubscribe(asked: string | null): unknown {
    const ids = asked === null ? [...this.subscriptions.keys()] : [Number(asked)]
    if (ids.some((id) => !this.subscriptions.has(id))) {
      throw new RestFailure(-2036, "User Data Stream subscription not active.")
    }
    for (const id of ids) this.terminate(id)
    return {}
  }

  private terminate(id: number): void {
    this.subscriptions.get(id)?.detach()
    this.subscriptions.delete(id)
    this.line.say({ subscriptionId: id, event: { e: "eventStreamTerminated", E: Math.floor(this.line.now()) } })
  }

  private speak(
    id: number,
    stream: string,
    symbol: string | undefined,
    payload: Readonly<Record<string, unknown>>
  ): void {
    this.speaking = id
    this.line.deliver({ stream, symbol, payload, text: JSON.stringify(payload), unit: "ms" })
    this.speaking = undefined
  }
}
