/** Tidewire with many handlers: those of an `EventBus` behind the stream. */
import { EventBus } from "@tidewire/core"
import { type ClientArguments, ownArguments } from "../messages.ts"
import { Sinks } from "./Sinks.ts"
import { run } from "./tidewireStream.ts"

const given = ownArguments<ClientArguments>()
const sinks = new Sinks(given.plan)
const failures: Array<string> = []
const bus = new EventBus.EventBus({ onFailure: ({ error }) => void failures.push(String(error)) })

await run(given, {
  ending: () => {
    const { consumed, problems } = sinks.ending()
    return { consumed, problems: [...problems, ...failures] }
  },
  handler: (meter, control) => {
    for (const handler of sinks.handlers(meter)) bus.on("trade", ({ id, price }) => handler(id, price))
    return (event) => {
      if (event.type === "trade") bus.publish(event)
      else control(event)
    }
  }
})
