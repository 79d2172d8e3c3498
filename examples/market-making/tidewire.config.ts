/** Quotes on paper, out of the venue's own market data; with TIDEWIRE_SIMULATOR_URL out of a simulator's. No key is needed. */
import { defineConfig } from "@tidewire/runner"
import { endpoints } from "../simulated.ts"

export default defineConfig({
  venues: [{ adapter: "@tidewire/adapter-binance", venue: "binance-usdm", endpoints: endpoints() }],
  engine: {
    mode: "paper",
    strategies: [
      {
        module: "./market-making.ts",
        options: {
          venue: "binance-usdm",
          symbol: "BTC/USDT:USDT",
          size: "0.002",
          most: "0.006",
          halfSpread: 0.0001,
          skew: 0.0002
        }
      }
    ],
    // the second line of defence, in dollars: it holds whatever a strategy gets wrong
    risk: { maxNotional: "1000", maxPosition: "3000", maxDailyLoss: "50", priceBand: "0.01" }
  }
})
