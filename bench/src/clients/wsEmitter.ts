/** The baseline with many handlers: listeners of Node's `EventEmitter`. */
import { EventEmitter } from "node:events"
import { type ClientArguments, ownArguments } from "../messages.ts"
import { Meter } from "../meter.ts"
import { readers, type Trade } from "./frameReaders.ts"
import { Sinks } from "./Sinks.ts"
import { connect } from "./wsConnection.ts"

const given = ownArguments<ClientArguments>()
const { plan } = given
const sinks = new Sinks(plan)
const meter = new Meter(plan, () => sinks.ending())
const emitter = new EventEmitter<{ trade: [Trade] }>()
emitter.setMaxListeners(plan.handlers)
for (const handler of sinks.handlers(meter)) emitter.on("trade", ({ id, price }) => handler(id, price))
const { trades } = readers[plan.venue]
const emit = (trade: Trade): void => void emitter.emit("trade", trade)

connect(given, (data) => trades(data, emit))
