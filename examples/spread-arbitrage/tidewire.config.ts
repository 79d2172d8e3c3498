/** Trades on paper, out of the venues' own market data; with TIDEWIRE_SIMULATOR_URL out of a simulator's. No key is needed. */
import { defineConfig } from "@tidewire/runner"
import { endpoints } from "../simulated.ts"

export default defineConfig({
  venues: [
    { adapter: "@tidewire/adapter-binance", venue: "binance-usdm", endpoints: endpoints() },
    { adapter: "@tidewire/adapter-bybit", venue: "bybit-linear", endpoints: endpoints() }
  ],
  engine: {
    mode: "paper",
    strategies: [
      {
        module: "./spread-arbitrage.ts",
        options: {
          venues: ["binance-usdm", "bybit-linear"],
          symbol: "BTC/USDT:USDT",
          size: "0.005",
          fees: [0.0005, 0.00055],
          profit: 0.0001
        }
      }
    ],
    risk: { maxNotional: "1000", maxPosition: "1000", maxDailyLoss: "50" },
    // what the strategy reckons with, and what it is charged, must be the same
    paper: { venues: { "bybit-linear": { fees: { maker: "0.0002", taker: "0.00055" } } } }
  }
})
