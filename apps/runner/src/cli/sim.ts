/** `tidewire sim`. */
import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import * as Effect from "effect/Effect"
import { plain } from "./flags.ts"

export const sim = Command.make(
  "sim",
  {
    port: Flag.Int("port").pipe(Flag.withDescription("0 takes a free one"), Flag.withDefault(9443)),
    host: Flag.String("host").pipe(Flag.withDescription("The address to listen on"), Flag.withDefault("127.0.0.1")),
    seed: Flag.Int("seed").pipe(Flag.withDescription("The same seed gives the same market"), Flag.optional),
    symbols: Flag.String("symbols").pipe(
      Flag.withMetavar("<symbol,symbol>"),
      Flag.withDescription("Which symbols trade"),
      Flag.optional
    ),
    rate: Flag.Finite("rate").pipe(Flag.withDescription("Trades a second of a symbol"), Flag.optional),
    clockScale: Flag.Finite("clock-scale").pipe(
      Flag.withDescription("Shortens the venue's day, pings and limit windows: 1440 makes a day a minute"),
      Flag.optional
    ),
    scenario: Flag.String("scenario").pipe(
      Flag.withMetavar("<file>"),
      Flag.withDescription("What goes wrong, and when: one step a line, such as `at 3s kill BTCUSDT`"),
      Flag.optional
    ),
    accounts: Flag.String("accounts").pipe(
      Flag.withMetavar("<file>"),
      Flag.withDescription(
        "Who may trade: a JSON list of {key, secret | ed25519PublicKey, markets?, balances?, positionMode?}"
      ),
      Flag.optional
    ),
    untilStdinEnds: Flag.Boolean("until-stdin-ends").pipe(
      Flag.withDescription("End when standard input ends, so that the simulator dies with the process that started it"),
      Flag.withDefault(false)
    )
  },
  (flags) =>
    Effect.flatMap(
      Effect.promise(() => import("../commands/sim.ts")),
      ({ sim }) =>
        sim({
          ...flags,
          seed: plain(flags.seed),
          symbols: plain(flags.symbols),
          rate: plain(flags.rate),
          clockScale: plain(flags.clockScale),
          scenario: plain(flags.scenario),
          accounts: plain(flags.accounts)
        })
    )
).pipe(
  Command.withDescription("Run the simulated exchange alone; prints its URLs as one JSON line when it is ready"),
  Command.withExamples([{ command: "tidewire sim --port 9443 --seed 7", description: "The same market every time" }])
)
