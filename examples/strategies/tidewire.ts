/**
 * Three strategies on paper, on two venues. With TIDEWIRE_SIMULATOR_URL they see a simulator, else the venues' own public data;
 * no key is needed, and no order leaves the process.
 */
import { defineConfig } from "@tidewire/runner"

const url = process.env["TIDEWIRE_SIMULATOR_URL"]
const place = url === undefined ? {} : { endpoints: { stream: url.replace(/^http/, "ws"), rest: url } }

export default defineConfig({
  venues: [
    { adapter: "@tidewire/adapter-binance", venue: "binance", ...place },
    { adapter: "@tidewire/adapter-binance", venue: "binance-usdm", ...place },
    { adapter: "@tidewire/adapter-bybit", venue: "bybit-linear", ...place }
  ],
  engine: {
    mode: "paper",
    paper: { balances: { USDT: "10000" }, fees: { maker: "0.0002", taker: "0.0005" } },
    risk: { maxOrdersPerSecond: 20, maxDailyLoss: "500" },
    strategies: [
      {
        module: "./market-making.ts",
        options: { venue: "binance-usdm", symbol: "BTCUSDT", size: "0.01", halfSpread: 1, most: 0.05 }
      },
      {
        module: "./moving-average.ts",
        options: { venue: "binance", symbol: "ETHUSDT", interval: "1s", fast: 3, slow: 9, size: "0.1" }
      },
      {
        module: "./spread-arbitrage.ts",
        options: {
          symbol: "ETHUSDT",
          venues: ["binance-usdm", "bybit-linear"],
          size: "0.1",
          threshold: 2,
          most: 0.5
        }
      }
    ]
  }
})
