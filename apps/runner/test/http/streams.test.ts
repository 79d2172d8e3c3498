import { setTimeout as wait } from "node:timers/promises"
import { afterAll, assert, beforeAll, describe, it } from "@effect/vitest"
import { parseLines } from "../tidewire.ts"
import { refusal, serve, type Served } from "./served.ts"
import { eventually, listen } from "./sse.ts"

/** A WebSocket, and what came on it. */
const connect = async (served: Served, protocols?: ReadonlyArray<string>) => {
  const socket = new WebSocket(`${served.url.replace("http", "ws")}/api/ws`, [...(protocols ?? [])])
  const messages: Array<Record<string, unknown>> = []
  socket.addEventListener("message", ({ data }) => messages.push(JSON.parse(String(data)) as never))
  const closed = new Promise<number>((resolve) => socket.addEventListener("close", ({ code }) => resolve(code)))
  await new Promise((resolve, reject) => {
    socket.addEventListener("open", resolve)
    socket.addEventListener("error", reject)
  })
  const say = (message: unknown) => socket.send(typeof message === "string" ? message : JSON.stringify(message))
  return { socket, messages, closed, say }
}

const tradeIds = (events: ReadonlyArray<Readonly<Record<string, unknown>>>) =>
  events.filter(({ symbol, type }) => type === "trade" && symbol === "BTCUSDT").map(({ id }) => id)

describe("streams of the API", () => {
  let served: Served
  beforeAll(async () => {
    served = await serve({ http: { clients: 3 } })
  }, 60_000)
  afterAll(() => served[Symbol.asyncDispose]())

  it("server-sent events are the events of standard output, one by one, and those asked for", async () => {
    const listening = await listen(`${served.url}/api/stream?type=trade&symbol=BTCUSDT`)
    await eventually(() => listening.messages.length >= 10)
    listening.close()
    const { messages } = listening
    assert.deepStrictEqual(new Set(messages.map(({ event }) => event)), new Set(["trade"]))
    const ids = tradeIds(messages.map(({ data }) => data))
    assert.strictEqual(ids.length, messages.length)
    await eventually(() => served.output().includes(`"id":"${String(ids.at(-1))}"`))
    const lines = parseLines(served.output().slice(0, served.output().lastIndexOf("\n")))
    const told = lines.filter(({ symbol, type }) => type === "trade" && symbol === "BTCUSDT")
    const first = told.findIndex(({ id }) => id === ids[0])
    assert.deepStrictEqual(
      messages.map(({ data }) => data),
      told.slice(first, first + messages.length)
    )
  })

  it("a WebSocket says what it wants while it runs, and hears that and no more", async () => {
    const { closed, messages, say, socket } = await connect(served, ["tidewire"])
    assert.strictEqual(socket.protocol, "tidewire")
    say({ op: "subscribe", type: "trade", symbol: "BTCUSDT" })
    say({ op: "subscribe", channel: "book:50", symbol: "ETHUSDT" })
    await eventually(() => ["trade", "book"].every((type) => messages.some((each) => each["type"] === type)))
    say({ op: "unsubscribe", channel: "book", symbol: "ETHUSDT" })
    await eventually(() => messages.some(({ type }) => type === "unsubscribed"))
    const seen = messages.length
    await eventually(() => tradeIds(messages.slice(seen)).length >= 3)
    assert.deepStrictEqual(
      [
        messages.slice(0, 2),
        new Set(messages.slice(seen).map(({ type }) => type)),
        new Set(messages.filter(({ type }) => type === "book").map(({ symbol }) => symbol))
      ],
      [
        [
          { type: "subscribed", filter: { type: "trade", symbol: "BTCUSDT" } },
          { type: "subscribed", filter: { channel: "book:50", symbol: "ETHUSDT" } }
        ],
        new Set(["trade"]),
        new Set(["ETHUSDT"])
      ]
    )
    socket.close(1000)
    assert.strictEqual(await closed, 1000)
  })

  it("what is no command is answered with what is wrong, and the socket goes on", async () => {
    const { messages, say, socket } = await connect(served)
    for (const each of [
      "nonsense",
      "[]",
      { op: "sing" },
      { op: "subscribe", type: "tade" },
      { op: "subscribe", venue: 5 }
    ])
      say(each)
    say({ op: "subscribe", venue: "binanse" })
    await eventually(() => messages.length === 6)
    assert.deepStrictEqual(
      messages.map(({ tag, type }) => [type, tag]),
      Array.from({ length: 6 }, () => ["error", "BadRequest"])
    )
    assert.include(String(messages[3]!["message"]), "did you mean trade?")
    const tooLong = new Promise<number>((resolve) => socket.addEventListener("close", ({ code }) => resolve(code)))
    say("x".repeat(20_000))
    assert.strictEqual(await tooLong, 1009)
  })

  it("so many clients and no more; one that goes makes room", async () => {
    type Status = { readonly clients: { readonly sse: number; readonly ws: number } }
    await served.until<Status>("/api/status", ({ clients }) => clients.sse + clients.ws === 0)
    const three = await Promise.all([1, 2, 3].map(() => listen(`${served.url}/api/stream`)))
    await served.until<Status>("/api/status", ({ clients }) => clients.sse === 3)
    assert.deepStrictEqual(refusal(await served.get("/api/stream")), [503, "TooManyClients"])
    let isRefused = false
    await connect(served).catch(() => (isRefused = true))
    assert.isTrue(isRefused)
    three[0]!.close()
    await served.until<Status>("/api/status", ({ clients }) => clients.sse === 2)
    const again = await listen(`${served.url}/api/stream`)
    await eventually(() => again.messages.length > 0)
    for (const each of [again, ...three]) each.close()
  })

  it("asks for what there is", async () => {
    assert.deepStrictEqual(
      [
        refusal(await served.get("/api/stream?type=trades")),
        refusal(await served.get("/api/stream?venue=binance,binanse")),
        refusal(await served.get("/api/ws"))
      ],
      [
        [400, "BadRequest"],
        [400, "BadRequest"],
        [426, "UpgradeRequired"]
      ]
    )
  })
})

describe("S-A6 a stop with clients connected", () => {
  it("ends streams, closes sockets with 1001, and takes no longer than it may", async () => {
    const served = await serve()
    await using _ = served
    const listening = await listen(`${served.url}/api/stream`)
    const { closed, messages, say } = await connect(served)
    say({ op: "subscribe" })
    // one that reads nothing at all
    const stuck = await listen(`${served.url}/api/stream`)
    stuck.response.pause()
    await eventually(() => messages.length > 10 && listening.messages.length > 10)
    await wait(200)
    const started = performance.now()
    const { code, stderr } = await served.stop()
    const took = performance.now() - started
    await listening.ended
    assert.deepStrictEqual([code, await closed], [0, 1001])
    assert.isBelow(took, 4_000)
    const last = listening.messages.at(-1)!
    assert.deepStrictEqual([last.event, last.data["state"]], ["subscription", "ended"])
    assert.notInclude(stderr, '"level":"ERROR"')
  })
})
