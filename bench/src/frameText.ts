/**
 * Bytes or text: what it costs to look at every character of a frame and to read its numbers, from bytes and from a
 * string, on the runtime that this is run with (`node`, `bun`, `deno run -A`: `bench/src/frameText.ts`). Each way is
 * measured in a process of its own, because an engine makes one machine code of a function for all that it has seen.
 */
import { spawnSync } from "node:child_process"
import { fileURLToPath } from "node:url"
import * as channelFrames from "./channelFrames.ts"

const ROUNDS = 200

/** Short enough to be often left in peace by other programs: the least of the rounds is taken. */
const FRAMES_A_ROUND = 640

const QUOTE = 34
const MINUS = 45
const POINT = 46
const ZERO = 48
const NINE = 57

/** The sum of all numbers of a frame, those in quotes too. */
const summing =
  <A>(load: (source: A, at: number) => number) =>
  (source: A, length: number): number => {
    let sum = 0
    let at = 0
    while (at < length) {
      const code = load(source, at++)
      if (code !== QUOTE && (code < ZERO || code > NINE)) continue
      if (code !== QUOTE) at--
      let value = 0
      let places = 0
      let isFraction = false
      let isNumber = true
      for (; at < length; at++) {
        const digit = load(source, at)
        if (digit >= ZERO && digit <= NINE) {
          value = value * 10 + (digit - ZERO)
          if (isFraction) places++
        } else if (digit === POINT) isFraction = true
        else if (code !== QUOTE || digit === QUOTE) break
        else if (digit !== MINUS) isNumber = false
      }
      if (code === QUOTE) at++
      if (isNumber) sum += places === 0 ? value : value / 10 ** places
    }
    return sum
  }

const bytesSum = summing((bytes: Uint8Array, at) => bytes[at]!)
const textSum = summing((text: string, at) => text.charCodeAt(at))

const encoder = new TextEncoder()
const decoder = new TextDecoder()
const scratch = new Uint8Array(64 * 1024)

const latin1 = (bytes: Uint8Array): string => (bytes as Buffer).toString("latin1")

interface Given {
  readonly bytes: Uint8Array
  readonly text: string
}

/** The ways, from what a transport gives: `ws` gives bytes, a runtime's own WebSocket gives text. */
const ways: Readonly<Record<string, (given: Given) => unknown>> = {
  "bytes: as bytes": ({ bytes }) => bytesSum(bytes, bytes.length),
  "bytes: as a one-byte string": ({ bytes }) => textSum(latin1(bytes), bytes.length),
  "bytes: as decoded text": ({ bytes }) => {
    const text = decoder.decode(bytes)
    return textSum(text, text.length)
  },
  "bytes: JSON.parse": ({ bytes }) => JSON.parse(decoder.decode(bytes)) as unknown,
  "text: as text": ({ text }) => textSum(text, text.length),
  "text: as bytes": ({ text }) => bytesSum(scratch, encoder.encodeInto(text, scratch).written),
  "text: JSON.parse": ({ text }) => JSON.parse(text) as unknown
}

const kinds = ["trade", "depth@100ms"] as const

const givenOf = (kind: string): ReadonlyArray<Given> => {
  const found = channelFrames.all.find(({ channel, venue }) => venue === "binance" && channel === kind)
  return (found?.frames ?? []).map((frame) => ({ bytes: Buffer.from(frame), text: decoder.decode(Buffer.from(frame)) }))
}

/** µs a frame, for each kind of frame, and the sum of what was read. */
const measure = (way: (given: Given) => unknown): ReadonlyArray<readonly [micros: number, sum: number]> =>
  kinds.map((kind) => {
    const frames = givenOf(kind)
    let best = Number.POSITIVE_INFINITY
    let sum = 0
    for (let round = 0; round < ROUNDS; round++) {
      sum = 0
      const begin = performance.now()
      for (let index = 0; index < FRAMES_A_ROUND; index++) {
        const read = way(frames[index % frames.length]!)
        if (typeof read === "number") sum += read
      }
      best = Math.min(best, ((performance.now() - begin) * 1000) / FRAMES_A_ROUND)
    }
    return [best, sum]
  })

const runtime = "Bun" in globalThis ? "Bun" : "Deno" in globalThis ? "Deno" : "Node"

const main = (): void => {
  const asked = process.argv[2]
  const way = asked === undefined ? undefined : ways[asked]
  if (way !== undefined) return void process.stdout.write(JSON.stringify(measure(way)))
  const file = fileURLToPath(import.meta.url)
  const sums = new Set<string>()
  process.stdout.write(`${runtime}: µs a frame, ${kinds.join(" and ")}\n`)
  for (const name of Object.keys(ways)) {
    const flags = runtime === "Deno" ? ["run", "-A"] : []
    const { stderr, stdout } = spawnSync(process.execPath, [...flags, file, name], { encoding: "utf8" })
    if (stdout === "") throw new Error(stderr)
    const measured = JSON.parse(stdout) as ReturnType<typeof measure>
    process.stdout.write(`${name.padEnd(30)}${measured.map(([micros]) => micros.toFixed(2).padStart(8)).join("")}\n`)
    if (measured.every(([, sum]) => sum > 0)) sums.add(JSON.stringify(measured.map(([, sum]) => sum)))
  }
  if (sums.size !== 1) throw new Error(`not all ways have read the same: ${[...sums].join(", ")}`)
}

main()
