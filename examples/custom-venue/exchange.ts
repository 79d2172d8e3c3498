/** The toy exchange behind adapter.ts: two markets that move by themselves, on loopback. `node exchange.ts [port]` */
import { createServer } from "node:http"
import { WebSocketServer, type WebSocket } from "ws"

const LEVELS = 10
const MOVE_EVERY_MS = 50

type Side = ReadonlyArray<readonly [price: string, size: string]>
const random = (below: number): number => Math.floor(Math.random() * below)

/** What has become of a side: the levels that are new or have another size, and size 0 for those that are gone. */
const difference = (before: Side, after: Side): Side => [
  ...after.filter(([price, size]) => !before.some((level) => level[0] === price && level[1] === size)),
  ...before.filter(([price]) => !after.some((level) => level[0] === price)).map(([price]) => [price, "0"] as const)
]

class Market {
  /** By the clock, so that an exchange that was ended and started again has gone on meanwhile. */
  #sequence = Math.floor(Date.now() / MOVE_EVERY_MS)
  /** In cents; the best ask is a cent above. */
  #bestBid = 10_000
  readonly #sizes = new Map<number, string>()

  #side(best: number, step: number): Side {
    const prices = Array.from({ length: LEVELS }, (_, level) => best + level * step)
    return prices.map((cents) => [(cents / 100).toFixed(2), this.#sizes.get(cents) ?? "1.0"])
  }

  get book() {
    return { sequence: this.#sequence, bids: this.#side(this.#bestBid, -1), asks: this.#side(this.#bestBid + 1, 1) }
  }

  /** A trade, and what it does to the book; gives what each channel says of it. */
  move() {
    const before = this.book
    this.#sequence++
    this.#bestBid += random(3) - 1
    this.#sizes.set(this.#bestBid - 4 + random(10), `${random(9)}.5`)
    const { asks, bids, sequence } = this.book
    const taker = random(2) === 0 ? { side: "buy", price: asks[0]![0] } : { side: "sell", price: bids[0]![0] }
    return {
      trades: { sequence, ...taker, size: "0.1" },
      quotes: { sequence, bids: bids.slice(0, 1), asks: asks.slice(0, 1) },
      book: { sequence, bids: difference(before.bids, bids), asks: difference(before.asks, asks) }
    }
  }
}

const listing = ["PEARL", "CORAL"].map((base) => ({ symbol: `${base}USD`, base, quote: "USD" }))
const markets = new Map(listing.map(({ symbol }) => [symbol, new Market()]))
const topicsOf = new WeakMap<WebSocket, Set<string>>()

const tell = (socket: WebSocket, topic: string, data: object): void => {
  if (topicsOf.get(socket)?.has(topic)) socket.send(JSON.stringify({ topic, data: { ...data, time: Date.now() } }))
}

const server = createServer((_, response) => response.end(JSON.stringify(listing)))
const sockets = new WebSocketServer({ server, path: "/public" }).on("connection", (socket) => {
  const subscribed = new Set<string>()
  topicsOf.set(socket, subscribed)
  socket.on("message", (message: Buffer) => {
    const { id, op, topics }: { id: number; op: string; topics: ReadonlyArray<string> } = JSON.parse(message.toString())
    const stranger = topics.find((topic) => !/^(trades|quotes|book)\.(PEARL|CORAL)USD$/.test(topic))
    if (stranger !== undefined) return socket.send(JSON.stringify({ id, error: `no topic ${stranger}` }))
    socket.send(JSON.stringify({ id }))
    for (const topic of topics) subscribed[op === "subscribe" ? "add" : "delete"](topic)
    const books = [...markets].filter(([symbol]) => topics.includes(`book.${symbol}`))
    for (const [symbol, { book }] of books) tell(socket, `book.${symbol}`, { ...book, isWhole: true })
  })
})

setInterval(() => {
  for (const [symbol, market] of markets) {
    const said = Object.entries(market.move())
    for (const socket of sockets.clients) for (const [channel, data] of said) tell(socket, `${channel}.${symbol}`, data)
  }
}, MOVE_EVERY_MS)
setInterval(() => sockets.clients.forEach((socket) => socket.ping()), 20_000)
const port = Number(process.argv[2] ?? 9550)
server.listen(port, "127.0.0.1", () => process.stdout.write(`${JSON.stringify(server.address())}\n`))
