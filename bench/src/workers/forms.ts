/**
 * What it costs to hand events from one thread to another, by the form they have on the way: cloned objects, one JSON
 * text, or the numbers of `EventBatch`. A child thread posts batches, never more than four that were not taken.
 */
import { isMainThread, parentPort, Worker, workerData } from "node:worker_threads"
import { fileURLToPath } from "node:url"
import type { Event } from "@tidewire/core"
import type { Handover } from "../messages.ts"
import { type EventBatch, EventBatchReader, EventBatchWriter } from "../../../apps/runner/src/workers/EventBatch.ts"

export const forms = ["objects", "JSON", "numbers"] as const
type Form = (typeof forms)[number]

interface Task {
  readonly form: Form
  readonly kind: "trades" | "depth"
  readonly batches: number
}

const PER_BATCH = 100
const LEVELS = 12
const IN_FLIGHT = 4
const FIRST_ID = 3_735_683_259
const START_MS = 1_700_000_000_000

const stamps = (index: number) => ({
  venue: "binance",
  symbol: `S${index % 10}USDT`,
  exchangeTime: START_MS + index,
  receivedTime: START_MS + index + 0.125
})

const trade = (index: number): Event.Trade => ({
  type: "trade",
  ...stamps(index),
  id: String(FIRST_ID + index),
  price: 61_837.63 + index / 100,
  size: 0.5,
  side: index % 2 === 0 ? "buy" : "sell",
  origin: "stream"
})

const change = (index: number): Event.Book => {
  const side = (sign: number) =>
    Array.from({ length: LEVELS }, (_, at): Event.Level => [61_837 + (sign * at) / 100, at / 3])
  return { type: "book", ...stamps(index), kind: "delta", bids: side(-1), asks: side(1), sequence: index }
}

export const measure = (task: Task): Promise<Handover> =>
  new Promise((resolve, reject) => {
    const worker = new Worker(fileURLToPath(import.meta.url), { workerData: task })
    const reader = new EventBatchReader("binance")
    const before = process.threadCpuUsage()
    let events = 0
    let checksum = 0
    const take = (event: Event.Event): void => {
      events++
      checksum += event.receivedTime
    }
    const readers: Readonly<Record<Form, (batch: unknown) => void>> = {
      objects: (batch) => (batch as ReadonlyArray<Event.Event>).forEach(take),
      JSON: (batch) => (JSON.parse(batch as string) as ReadonlyArray<Event.Event>).forEach(take),
      numbers: (batch) => reader.read(batch as EventBatch, take)
    }
    worker.on("error", reject)
    worker.on("message", (message: { readonly postingMicros: number } | { readonly batch: unknown }) => {
      if ("batch" in message) {
        readers[task.form](message.batch)
        worker.postMessage("taken")
        return
      }
      const { system, user } = process.threadCpuUsage(before)
      void worker.terminate()
      if (events !== task.batches * PER_BATCH || !Number.isFinite(checksum)) reject(new Error(`${events} events came`))
      else resolve({ main: (user + system) / events, worker: message.postingMicros / events })
    })
  })

const post = ({ batches, form, kind }: Task): void => {
  const port = parentPort!
  const events = Array.from({ length: PER_BATCH }, (_, index) => (kind === "trades" ? trade(index) : change(index)))
  const writer = new EventBatchWriter("binance")
  const writers: Readonly<Record<Form, () => void>> = {
    objects: () => port.postMessage({ batch: events }),
    JSON: () => port.postMessage({ batch: JSON.stringify(events) }),
    numbers: () => {
      for (const event of events) writer.add(event)
      const batch = writer.take()
      port.postMessage({ batch }, [batch.numbers.buffer])
    }
  }
  const before = process.threadCpuUsage()
  let posted = 0
  let inFlight = 0
  const go = (): void => {
    for (; inFlight < IN_FLIGHT && posted < batches; inFlight++, posted++) {
      writers[form]()
    }
    if (posted < batches || inFlight > 0) return
    const { system, user } = process.threadCpuUsage(before)
    port.postMessage({ postingMicros: system + user })
  }
  port.on("message", () => {
    inFlight--
    go()
  })
  go()
}

if (!isMainThread) post(workerData as Task)
