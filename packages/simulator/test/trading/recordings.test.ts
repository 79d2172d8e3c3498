/** What is told of orders has the very keys, in the very order, that real frames have, and values of the same kinds. */
import { readFileSync } from "node:fs"
import { describe, expect, it } from "vitest"
import { connect, type Json, onStage } from "../support.ts"
import { apiOf, hmac, key, until, userOf } from "./user.ts"

const folder = process.env["TIDEWIRE_RECORDINGS"]

const quiet = { rates: { tradesPerSecond: 0, ordersPerSecond: 0, liquidationsPerSecond: 0 } }

const recorded = (file: string): Array<Json> =>
  readFileSync(`${folder}/${file}`, "utf8")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as Json)

/** Key and kind of each value, as deep as objects go. */
const shapeOf = (value: unknown): unknown =>
  typeof value === "object" && value !== null && !Array.isArray(value)
    ? Object.entries(value).map(([key, inner]) => [key, shapeOf(inner)])
    : value === null
      ? "null"
      : typeof value

describe.skipIf(folder === undefined)("beside what was recorded (TIDEWIRE_RECORDINGS)", () => {
  it("an execution report of spot has the same keys", () =>
    onStage(quiet, async (stage) => {
      const frames = recorded("binance-spot-private-lifecycle.jsonl").map(({ event }) => event as Json)
      const api = await apiOf(stage)
      await api.ask("userDataStream.subscribe.signature")
      await api.ask("order.place", { symbol: "BTCUSDT", side: "BUY", type: "MARKET", quantity: "0.001" })
      await until(() => api.events().filter((event) => event["e"] === "executionReport").length === 2)
      const told = api.events().filter((event) => event["e"] === "executionReport")
      for (const type of ["NEW", "TRADE"]) {
        const real = frames.find((frame) => frame["x"] === type && frame["o"] === "MARKET")!
        expect(shapeOf(told.find((event) => event["x"] === type))).toEqual(shapeOf(real))
      }
    }))

  it("reports and conditional orders of USDⓈ-M have the same keys", () =>
    onStage(quiet, async (stage) => {
      const frames = recorded("binance-usdm-private-lifecycle.jsonl")
      const user = userOf(stage)
      const { listenKey } = (await user.keyed("POST", "/fapi/v1/listenKey")).body
      const client = await connect(`${stage.simulator.wsUrl}/private/ws/${String(listenKey)}`)
      const told = client.received as Array<Json>
      const order = { symbol: "BTCUSDT", side: "BUY", quantity: "0.100" }
      await user.rest("POST", "/fapi/v1/order", { ...order, type: "MARKET" })
      const { asks } = stage.simulator.control.book("usdm", "BTCUSDT", 1)
      const triggerPrice = (Number(asks[0]![0]) + 5).toFixed(1)
      await user.rest("POST", "/fapi/v1/algoOrder", {
        ...order,
        algoType: "CONDITIONAL",
        type: "STOP_MARKET",
        triggerPrice
      })
      const statusOf = (event: Json) => (event["o"] as Json)["X"]
      const algos = () => told.filter((event) => event["e"] === "ALGO_UPDATE")
      const isTriggered = () =>
        stage.simulator.control.trade("usdm", "BTCUSDT", "buy", 3).length > 0 && algos().length === 4
      await until(isTriggered, "the whole life of the conditional order")
      for (const status of ["NEW", "TRIGGERING", "TRIGGERED", "FINISHED"]) {
        const real = frames.find(
          (frame) =>
            frame["e"] === "ALGO_UPDATE" && statusOf(frame) === status && (frame["o"] as Json)["o"] === "STOP_MARKET"
        )!
        const mine = algos().find((event) => statusOf(event) === status)!
        expect(shapeOf(mine), status).toEqual(shapeOf(real))
      }
      const isReport = (frame: Json, ofAlgo: boolean) =>
        frame["e"] === "ORDER_TRADE_UPDATE" &&
        "st" in (frame["o"] as Json) === ofAlgo &&
        (frame["o"] as Json)["o"] === "MARKET"
      for (const ofAlgo of [false, true]) {
        for (const type of ["NEW", "TRADE"]) {
          const wanted = (frame: Json) => isReport(frame, ofAlgo) && (frame["o"] as Json)["x"] === type
          expect(shapeOf(told.find(wanted)), `${type} ${ofAlgo}`).toEqual(shapeOf(frames.find(wanted)))
        }
      }
    }))

  it("Bybit's private topics have every recorded key", () =>
    onStage(quiet, async (stage) => {
      const client = await connect(`${stage.simulator.wsUrl}/v5/private`)
      const expires = Math.floor(stage.clock.now()) + 10_000
      client.send({ op: "auth", args: [key, expires, hmac(`GET/realtime${expires}`)] })
      client.send({ op: "subscribe", args: ["order", "execution", "position", "wallet"] })
      await until(() => client.received.length === 2)
      const body = JSON.stringify({
        category: "linear",
        symbol: "BTCUSDT",
        side: "Buy",
        orderType: "Market",
        qty: "0.001"
      })
      const timestamp = String(Math.floor(stage.clock.now()))
      const headers = {
        "X-BAPI-API-KEY": key,
        "X-BAPI-TIMESTAMP": timestamp,
        "X-BAPI-SIGN": hmac(`${timestamp}${key}5000${body}`)
      }
      await fetch(`${stage.simulator.url}/v5/order/create`, { method: "POST", headers, body })
      const rowOf = (frames: ReadonlyArray<unknown>, topic: string) =>
        (frames as ReadonlyArray<Json>).findLast((frame) => {
          if (frame["topic"] !== topic) return false
          const [row] = frame["data"] as ReadonlyArray<Json>
          return (row!["category"] ?? "linear") === "linear" && (topic !== "wallet" || "totalEquity" in row!)
        })
      await until(
        () =>
          ["order", "execution", "position", "wallet"].every((topic) => rowOf(client.received, topic) !== undefined),
        "all topics"
      )
      for (const topic of ["order", "execution", "position", "wallet"]) {
        const keys = (frame: Json) =>
          [Object.keys(frame), Object.keys((frame["data"] as ReadonlyArray<Json>)[0]!)] as const
        const [realKeys, realRow] = keys(rowOf(recorded("bybit-v5-gct.jsonl"), topic)!)
        const [ownKeys, ownRow] = keys(rowOf(client.received, topic)!)
        expect(ownKeys, topic).toEqual(realKeys)
        expect(
          realRow.filter((name) => !ownRow.includes(name)),
          topic
        ).toEqual([])
      }
    }))
})
