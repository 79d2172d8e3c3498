import { describe, expect, it } from "@effect/vitest"
import { PrivateEvent } from "@tidewire/core"
import { Effect, Schema } from "effect"
import { TestClock } from "effect/testing"
import { Exchange, open } from "../support/exchange.ts"
import { mutate, random } from "../support/mutations.ts"
import * as recordings from "../support/recordings.ts"

const isEvent = Schema.is(PrivateEvent.PrivateEvent)

/** The recorded frames of accounts. */
const recorded = () =>
  recordings.lines(recordings.frames).filter((line) => /"topic": ?"(order|execution|position|wallet)"/.test(line))

/** The examples of the venue's page. */
const examples: ReadonlyArray<string> = [
  '{"id":"5f1-order-1","topic":"order.linear","creationTime":1790000000321,"data":[{"category":"linear","orderId":"9d1f0000-0000-4000-8000-000000000001","orderLinkId":"bot-0003","symbol":"BTCUSDT","price":"61250.90","qty":"0.015","side":"Buy","positionIdx":0,"orderStatus":"New","createType":"CreateByUser","cancelType":"UNKNOWN","rejectReason":"EC_NoError","avgPrice":"","leavesQty":"0.015","leavesValue":"918.7635","cumExecQty":"0","cumExecValue":"0","cumExecFee":"0","timeInForce":"PostOnly","orderType":"Limit","stopOrderType":"","triggerPrice":"","takeProfit":"","stopLoss":"","triggerDirection":0,"reduceOnly":false,"closeOnTrigger":false,"smpType":"None","smpGroup":0,"smpOrderId":"","createdTime":"1790000000318","updatedTime":"1790000000319"}]}',
  '{"id":"5f1-execution-1","topic":"execution.linear","creationTime":1790000000321,"data":[{"category":"linear","symbol":"BTCUSDT","orderId":"9d1f0000-0000-4000-8000-000000000001","orderLinkId":"bot-0003","side":"Buy","execId":"e-1","execType":"Trade","execPrice":"61250.90","execQty":"0.015","execFee":"0.1837527","feeCurrency":"USDT","execTime":"1790000000318","isMaker":true,"seq":1}]}',
  '{"id":"5f1-position-1","topic":"position.linear","creationTime":1790000000321,"data":[{"category":"linear","symbol":"BTCUSDT","side":"Buy","size":"0.015","positionIdx":0,"entryPrice":"61250.90","unrealisedPnl":"0.1","updatedTime":"1790000000318","seq":1}]}',
  '{"id":"5f1-wallet-1","topic":"wallet","creationTime":1790000000321,"data":[{"accountType":"UNIFIED","coin":[{"coin":"USDT","walletBalance":"100.5","locked":"0"}]}]}'
]

const socket = (exchange: Exchange) => exchange.open("/v5/private")[0]!

describe("frames of an account", () => {
  it.effect.skipIf(recordings.isMissing(recordings.frames))("as recorded are told whole, and none is malformed", () =>
    Effect.gen(function* () {
      const exchange = new Exchange()
      const { events, stream } = yield* open(exchange, "bybit-linear")
      for (const line of recorded()) socket(exchange).receiveText(line)
      yield* TestClock.adjust("15 seconds")
      // none of them was malformed: that would have been held for missed
      expect(stream()).toBe("up 1")
      expect(events.filter((event) => !isEvent(event))).toEqual([])
      const brief = events.map((event) => {
        if (event.type === "balance") return `${event.asset} ${event.total}`
        if (event.type === "position") return `position ${event.symbol} ${event.leg} ${event.size} ${event.entryPrice}`
        if (event.type === "fill") return `fill ${event.size} for ${event.price}, ${event.fee} ${event.feeAsset}`
        return event.type === "order" ? `${event.kind} ${event.status} ${event.filled}/${event.size}` : event.type
      })
      expect(brief).toEqual([
        "position XRPUSDT net 75 0.3615",
        "USDC 201.34882644",
        "BTC 0.06488393",
        "ETH 0",
        "USDT 11728.54414904",
        "EOS3L 215.0570412",
        "BIT 1.82",
        "fill 25 for 0.3374, 0.005061 USDT",
        "market filled 1.7/1.7",
        "BREAK 201.34882644"
      ])
    })
  )

  it.effect("that nobody should send: whatever comes, what is told is an event", () =>
    Effect.gen(function* () {
      const exchange = new Exchange()
      const { events } = yield* open(exchange, "bybit-linear")
      const target = socket(exchange)
      const next = random(11)
      const rounds = 500
      for (let round = 0; round < rounds; round++) {
        for (const frame of examples) target.receiveText(mutate(frame, next))
      }
      // enough of them were still readable for this to say something
      expect(events.length).toBeGreaterThan(rounds / 2)
      expect(events.filter((event) => !isEvent(event))).toEqual([])
    })
  )
})
