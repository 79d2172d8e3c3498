/** Trades as a session of the runner takes them that is operated; the metrics are read once a second, as Prometheus would. */
import { Effect, Schedule } from "effect"
import { type ClientArguments, ownArguments } from "../../messages.ts"
import { type Form, make } from "../../operated/form.ts"
import { Tally } from "../../tally.ts"
import { run } from "../tidewireStream.ts"

export const operated = async (form: Form): Promise<void> => {
  const given = ownArguments<ClientArguments>()
  const tally = new Tally()
  const { around, failures, metrics } = make(form)
  await run(given, {
    ending: () => ({ consumed: tally.consumed(), problems: failures }),
    handler: (meter, control) =>
      around((event) => {
        if (event.type === "trade") meter.at(tally.trade(event.id, event.price))
        else control(event)
      }),
    beside: (stream) =>
      Effect.gen(function* () {
        const opened = yield* metrics(stream)
        if (opened === undefined) return
        yield* opened.text.pipe(Effect.repeat(Schedule.spaced("1 second")), Effect.forkScoped)
      })
  })
}
