/** Live runs on the simulator, through the command line. */
import * as path from "node:path"
import { type AccountDefinition, Simulator } from "@tidewire/simulator"
import { fixtures, folder, start, tidewire } from "./tidewire.ts"

/** The repository: its package.json has the adapter among its dependencies. */
const root = path.resolve(fixtures, "../../../..")

export const account = { key: "keykeykeykey0123456789", secret: "secretsecret9876543210" }

export const exchange = async () => {
  const accounts: ReadonlyArray<AccountDefinition> = [account]
  const simulator = await Simulator.start({ seed: 3, accounts })
  const truth = () => simulator.truth.account(account.key)
  return { simulator, truth, [Symbol.asyncDispose]: () => simulator.stop() }
}

/** One bid that rests. */
export const configuration = (venue: string, { url, wsUrl }: Simulator.Simulator, mode = "live") => ({
  venues: [
    {
      adapter: "@tidewire/adapter-binance",
      venue,
      endpoints: { stream: wsUrl, rest: url, ...(venue === "binance" && { api: wsUrl }) },
      options: { apiKey: { env: "VENUE_KEY" }, apiSecret: { env: "VENUE_SECRET" } }
    }
  ],
  engine: {
    mode,
    journal: "journal.sqlite",
    // the account has a coin from the beginning
    risk: { maxPosition: "100000" },
    strategies: [
      {
        module: path.join(fixtures, "strategies/restingBid.ts"),
        options: { venue, symbol: "BTCUSDT", price: "60000", size: "0.01" }
      }
    ]
  }
})

/** A folder with a configuration, and commands that are run on it. */
export const place = (value: unknown, secret = account.secret) => {
  const made = folder({ "package.json": "{}", "a.json": JSON.stringify(value) })
  const options = { cwd: root, env: { VENUE_KEY: account.key, VENUE_SECRET: secret } }
  const withConfig = (args: ReadonlyArray<string>) => [...args, "--config", path.join(made.path, "a.json")]
  return {
    path: made.path,
    run: (...args: ReadonlyArray<string>) => start(withConfig(["run", ...args]), options),
    command: (...args: ReadonlyArray<string>) => tidewire(withConfig(args), options),
    [Symbol.dispose]: () => made[Symbol.dispose]()
  }
}
