import { Worker } from "node:worker_threads"
import { assert, describe, it } from "@effect/vitest"
import { MOST_IN_FLIGHT } from "../../src/workers/Outbox.ts"
import * as Receipt from "../../src/workers/receipt.ts"

const BATCHES = 24

/** How long a worker may take to answer before it is not waited for. */
const ANSWERS_WITHIN_MS = 20

/** Posts as many batches as may be on their way, and another for each that was taken; counts them where both see it. */
const program = `
  const { parentPort, workerData } = require("node:worker_threads")
  const posted = new Int32Array(workerData)
  const post = () => {
    if (Atomics.load(posted, 0) === ${BATCHES}) return
    parentPort.postMessage("batch")
    Atomics.add(posted, 0, 1)
    Atomics.notify(posted, 0)
  }
  parentPort.on("message", post)
  for (let batch = 0; batch < ${MOST_IN_FLIGHT}; batch++) post()
`

/** The most batches that came in one turn of the event loop, whose handlers take as long as the worker needs to answer. */
const mostInATurn = async (answer: (post: () => void) => void): Promise<number> => {
  const shared = new SharedArrayBuffer(4)
  const posted = new Int32Array(shared)
  const worker = new Worker(program, { eval: true, workerData: shared })
  let taken = 0
  let [inThisTurn, most] = [0, 0]
  const turn = (): void => {
    most = Math.max(most, inThisTurn)
    inThisTurn = 0
    if (taken < BATCHES) setImmediate(turn)
  }
  turn()
  await new Promise<void>((resolve, reject) => {
    worker.on("error", reject)
    worker.on("message", () => {
      taken++
      inThisTurn++
      answer(() => worker.postMessage("taken"))
      if (taken === BATCHES) return setImmediate(resolve)
      if (Atomics.load(posted, 0) === taken) Atomics.wait(posted, 0, taken, ANSWERS_WITHIN_MS)
      return undefined
    })
  })
  await worker.terminate()
  return most
}

describe("the receipt of a batch", () => {
  it("gives everything else its turn before the worker goes on", async () => {
    assert.isAtMost(await mostInATurn(Receipt.send), MOST_IN_FLIGHT)
  })

  it("is needed: a worker that has its answer at once is read without end", async () => {
    assert.isAbove(await mostInATurn((post) => post()), MOST_IN_FLIGHT)
  })
})
