/** The execution cards again, with orders on a socket, and of an account whose streams are polled. */
import { suite } from "@tidewire/conformance"
import { claimed, linear, spot, subject } from "./support/subjects.ts"

const isPart = process.env["TIDEWIRE_CARDS"] !== undefined
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
