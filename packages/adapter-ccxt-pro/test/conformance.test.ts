import { moduleSubject, suite } from "@tidewire/conformance"
import { adapter } from "../src/index.ts"
import { served } from "./support/served.ts"

suite(
  "CCXT's binance, spot",
  moduleSubject(adapter, "binance", {
    serve: served("spot", { "BTC/USDT": "BTCUSDT", "ETH/USDT": "ETHUSDT" }),
    options: {}
  })
)
