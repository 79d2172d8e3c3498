import { describe, expect, it } from "@effect/vitest"
import { type PrivateEvent, PrivateEvent as Events } from "@tidewire/core"
import { Effect, Schema } from "effect"
import { TestClock } from "effect/testing"
import { Exchange, open } from "../support/exchange.ts"
import * as recordings from "../support/recordings.ts"

/** What an account tells of the frames of a recording. */
const replay = (venue: "binance" | "binance-usdm", file: string) =>
  Effect.gen(function* () {
    const exchange = new Exchange()
    exchange.rest = ({ path }) => (path.endsWith("/listenKey") ? { body: { listenKey: "k".repeat(64) } } : undefined)
    const { events, stream } = yield* open(exchange, venue)
    for (const line of recordings.lines(file)) exchange.last.receive(JSON.parse(line))
    yield* TestClock.adjust("15 seconds")
    // none of them was malformed: that would have been held for missed
    expect(stream()).toBe("up 1")
    expect(events.filter((event) => !Schema.is(Events.PrivateEvent)(event))).toEqual([])
    return events
  })

const brief = (event: PrivateEvent.PrivateEvent): string => {
  if (event.type === "order") {
    const { averagePrice, clientOrderId, filled, kind, price, reason, size, status, timeInForce, triggerPrice } = event
    const terms = [kind, timeInForce, price, triggerPrice && `at ${triggerPrice}`].filter((each) => each !== undefined)
    const end = [averagePrice && `for ${averagePrice}`, reason].filter((each) => each !== undefined)
    return [clientOrderId.slice(0, 6), ...terms, status, `${filled}/${size}`, ...end].join(" ")
  }
  if (event.type === "fill") {
    return `fill ${event.id} ${event.size} for ${event.price} ${event.liquidity} ${event.fee} ${event.feeAsset}`
  }
  return event.type
}

describe("recorded lives of orders", () => {
  it.effect.skipIf(recordings.missing(recordings.spotAccount))("on spot", () =>
    Effect.gen(function* () {
      const events = yield* replay("binance", recordings.spotAccount)
      const limit = [
        "bM9WrF limit gtc 0.00658 open 0/800",
        "bM9WrF limit gtc 0.00658 filled 800/800 for 0.00656",
        "fill 65044226 800 for 0.00656 taker 0.00000632 BNB"
      ]
      expect(events.map(brief)).toEqual([
        ...limit,
        "ovBwCd market open 0/800",
        "ovBwCd market open 765/800 for 0.00655",
        "fill 65044223 765 for 0.00655 taker 0.00000603 BNB",
        "ovBwCd market filled 800/800 for 0.0065495625",
        "fill 65044224 35 for 0.00654 taker 0.00000027 BNB",
        ...limit,
        "Ix6NPX stop gtc 0.026 at 0.0262 open 0/200",
        "Ix6NPX stop gtc 0.026 at 0.0262 open 0/200",
        "Ix6NPX stop gtc 0.026 at 0.0262 filled 200/200 for 0.026",
        "fill 50769479 200 for 0.026 maker 0.00000627 BNB",
        "web_cb limit fok 0.013 open 0/384.6",
        "web_cb limit fok 0.013 expired 0/384.6"
      ])
      expect(events.slice(1, 3)).toEqual([
        {
          type: "order",
          venue: "here",
          exchangeTime: 1772459340067,
          receivedTime: 1_000.5,
          symbol: "ACHUSDT",
          clientOrderId: "bM9WrFJeamQQhcCgpLuakC",
          venueOrderId: "1281722417",
          side: "buy",
          kind: "limit",
          size: "800",
          price: "0.00658",
          timeInForce: "gtc",
          status: "filled",
          filled: "800",
          averagePrice: "0.00656"
        },
        {
          type: "fill",
          venue: "here",
          exchangeTime: 1772459340067,
          receivedTime: 1_000.5,
          symbol: "ACHUSDT",
          id: "65044226",
          clientOrderId: "bM9WrFJeamQQhcCgpLuakC",
          venueOrderId: "1281722417",
          side: "buy",
          price: "0.00656",
          size: "800",
          fee: "0.00000632",
          feeAsset: "BNB",
          liquidity: "taker"
        }
      ])
    })
  )

  it.effect.skipIf(recordings.missing(recordings.usdmAccount))(
    "on futures: what was triggered goes on under the same id, as what it was asked for",
    () =>
      Effect.gen(function* () {
        const events = yield* replay("binance-usdm", recordings.usdmAccount)
        expect(events.map(brief)).toEqual([
          "IUr9Fx limit gtc 0.00668 open 0/900",
          "IUr9Fx limit gtc 0.00668 cancelled 0/900",
          "WgLUfo limit gtc 0.006628 open 0/800",
          "WgLUfo limit gtc 0.006628 filled 800/800 for 0.00661",
          "fill 258307413 800 for 0.00661 taker 0.002644 USDT",
          "nOVzgn market open 0/800",
          "nOVzgn market filled 800/800 for 0.006567",
          "fill 258306880 800 for 0.006567 taker 0.0026268 USDT",
          "web_W9 stop fok 0.001702 at 0.00171 open 0/2981",
          "web_W9 stop fok 0.001702 at 0.00171 expired 0/2981 triggered: its order follows, or was refused",
          "nKgZz1 stop gtc 0.00665 at 0.006652 open 0/800",
          "nKgZz1 stop gtc 0.00665 at 0.006652 open 0/800",
          "1QVvPI stop gtc 0.006652 at 0.006672 rejected 0/800 margin not enough",
          "nKgZz1 stop gtc 0.00665 at 0.006652 filled 800/800 for 0.00665",
          "fill 258309430 800 for 0.00665 maker 0.001064 USDT",
          "3q6MTO stop at 0.006659 open 0/800",
          "3q6MTO stop at 0.006659 open 0/800",
          "3q6MTO stop at 0.006659 open 760/800 for 0.00666",
          "fill 258307945 760 for 0.00666 taker 0.0025308 USDT",
          "3q6MTO stop at 0.006659 filled 800/800 for 0.00666",
          "fill 258307946 40 for 0.00666 taker 0.0001332 USDT",
          "LIw9d2 stop at 0.006847 open 0/800",
          "LIw9d2 stop at 0.006847 cancelled 0/800"
        ])
      })
  )
})
