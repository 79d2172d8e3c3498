/** Trades on paper, out of the venue's own market data; with TIDEWIRE_SIMULATOR_URL out of a simulator's. No key is needed. */
import { defineConfig } from "@tidewire/runner"
import { endpoints } from "../simulated.ts"

export default defineConfig({
  venues: [{ adapter: "@tidewire/adapter-binance", venue: "binance-usdm", endpoints: endpoints() }],
  engine: {
    mode: "paper",
    strategies: [
      {
        module: "./moving-average.ts",
        options: {
          venue: "binance-usdm",
          symbol: "BTC/USDT:USDT",
          interval: "1m",
          fast: 5,
          slow: 20,
          size: "0.005"
        }
      }
    ],
    risk: { maxNotional: "1000", maxPosition: "1000", maxDailyLoss: "50" }
  }
})
