/**
 * CCXT's exchanges pass the conformance suite on the simulator, but for what CCXT itself does not do: those cards are run as
 * well, and fail for the reason that is written here. The documents say what each supports and passes; with
 * `TIDEWIRE_UPDATE=1` their table is written, not compared.
 */
import { readFileSync, writeFileSync } from "node:fs"
import {
  cards,
  insert,
  moduleSubject,
  type Outcome,
  type Report,
  run,
  type Subject,
  suite,
  table
} from "@tidewire/conformance"
import type { Trading } from "@tidewire/core"
import { defaultAccount, type MarketKind } from "@tidewire/simulator"
import { Effect } from "effect"
import { describe, expect, it } from "vitest"
import { adapter } from "../src/index.ts"
import { type Names, served } from "./support/served.ts"

/** Why a card cannot be passed, and how it fails. */
interface Beyond {
  readonly why: string
  readonly how: RegExp
}

/** Listed before it is opened, as the runner does: CCXT dials nothing before it has the list. */
const subject = (
  id: string,
  market: MarketKind,
  names: Names,
  trading: Trading.TradingCapabilities,
  options = {}
): Subject => {
  const { key, secret } = defaultAccount
  const plain = moduleSubject(adapter, id, {
    serve: served(market, names),
    options: { apiKey: key, secret, ...options },
    trading
  })
  return {
    ...plain,
    open: (connection) => Effect.tap(plain.open(connection), (opened) => Effect.ignore(opened.adapter.instruments))
  }
}

const isPart = process.env["TIDEWIRE_CARDS"] !== undefined

/** Runs every card, each for what is expected of it. */
const certify = (name: string, of: Subject, beyond: Readonly<Record<string, Beyond>>): (() => Report) => {
  const within = cards.flatMap(({ id }) => (id in beyond ? [] : [id]))
  const passed = suite(name, of, isPart ? {} : { selection: within })
  const failed = new Map<string, Outcome>()
  if (!isPart && Object.keys(beyond).length > 0) {
    describe.concurrent(`${name}, beyond CCXT`, () => {
      for (const [id, { how, why }] of Object.entries(beyond)) {
        it(`${id} is not met: ${why}`, async () => {
          const { outcomes } = await Effect.runPromise(run({ ...of, patience: "5 seconds" }, [id]))
          const outcome = outcomes.get(id)!
          failed.set(id, outcome)
          expect(outcome).toEqual({ _tag: "Failed", reason: expect.stringMatching(how) })
        }, 60_000)
      }
    })
  }
  return () => {
    const report = passed()
    return { ...report, outcomes: new Map([...report.outcomes].map(([id, each]) => [id, failed.get(id) ?? each])) }
  }
}

const spot = { "BTC/USDT": "BTCUSDT", "ETH/USDT": "ETHUSDT" }
const linear = { "BTC/USDT:USDT": "BTCUSDT", "ETH/USDT:USDT": "ETHUSDT" }

const claims = "CCXT claims the channels of all markets of an exchange together, and spot has no marks or liquidations"
const onSpot = {
  "MD-6": { why: claims, how: /a mark: not within/ },
  "MD-7": { why: claims, how: /nothing is liquidated on (bybit-)?spot/ },
  "MD-8": { why: claims, how: /nothing is liquidated on (bybit-)?spot/ },
  "MD-14": { why: claims, how: /fetchFundingRate: / }
}

const unnumbered = {
  why: "CCXT keeps no sequence of this exchange's book, so that what is told cannot have the exchange's",
  how: /the book is at \d+, the exchange's at \d+/
}
const unchecked = {
  "BK-2": unnumbered,
  "BK-3": {
    why: "CCXT checks no sequence of this exchange's book: a lost change goes unseen until it crosses the book",
    how: /the book stale, and live again: not within|the exchange's at \d+/
  },
  "BK-4": unnumbered,
  "BK-5": unnumbered,
  "BK-6": unnumbered
}

const plain: Trading.TradingCapabilities = {
  kinds: ["limit", "market"],
  timesInForce: ["gtc", "ioc", "fok", "postOnly"],
  reduceOnly: false,
  amends: "none",
  positions: false,
  deadMan: false
}
const contracts = { reduceOnly: true, amends: "priceAndSize", positions: true } as const
const waiting: Trading.TradingCapabilities = { ...plain, kinds: ["limit", "market", "stop", "takeProfit"] }

/** What is claimed of accounts. */
const claimed = {
  spot: waiting,
  usdm: { ...plain, ...contracts },
  bybitSpot: { ...plain, amends: "priceAndSize" },
  bybitLinear: { ...waiting, ...contracts }
} as const

const deep = { bookDepth: 1_000 }
const deepSpot = { ...deep, options: { defaultType: "spot" } }

const reports = {
  "binance, spot": certify("CCXT's binance, spot", subject("binance", "spot", spot, claimed.spot), onSpot),
  binanceusdm: certify("CCXT's binanceusdm", subject("binanceusdm", "usdm", linear, claimed.usdm), {}),
  "bybit, spot": certify("CCXT's bybit, spot", subject("bybit", "bybit-spot", spot, claimed.bybitSpot, deepSpot), {
    ...onSpot,
    ...unchecked
  }),
  "bybit, linear": certify(
    "CCXT's bybit, linear",
    subject("bybit", "bybit-linear", linear, claimed.bybitLinear, deep),
    unchecked
  )
}

const onSocket = isPart ? {} : { selection: ["execution"] }
const socketed = { orderEntry: "socket" }

suite("CCXT's binance, orders on a socket", subject("binance", "spot", spot, claimed.spot, socketed), onSocket)
suite(
  "CCXT's binanceusdm, orders on a socket",
  subject("binanceusdm", "usdm", linear, claimed.usdm, socketed),
  onSocket
)
suite(
  "CCXT's bybit, orders on a socket",
  subject("bybit", "bybit-linear", linear, claimed.bybitLinear, socketed),
  onSocket
)

const unwatched = { has: { watchOrders: false, watchMyTrades: false, watchBalance: false, watchPositions: false } }

// a polled account has no stream to lose, and hears late what is over soon
suite("CCXT's binanceusdm, polled", subject("binanceusdm", "usdm", linear, claimed.usdm, unwatched), {
  ...(!isPart && {
    selection: [1, 2, 3, 5, 6, 7, 8, 10, 11, 12, 20, 25, 27, 28, 29, 30, 31].map((number) => `EX-${number}`)
  })
})

// of a part of the cards there is no table
if (!isPart) {
  it("the table in the document is that of this run", () => {
    const document = new URL("../../../docs/venues/ccxt-pro.md", import.meta.url)
    const now = table(Object.fromEntries(Object.entries(reports).map(([name, report]) => [name, report()])))
    const text = readFileSync(document, "utf8")
    const fresh = insert(text, now)
    if (process.env["TIDEWIRE_UPDATE"] === "1") writeFileSync(document, fresh)
    else expect(text).toBe(fresh)
  })
}
