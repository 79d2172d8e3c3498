/**
 * Tells the market's regime from live bars: which way it goes, and whether it is calm or wild. Constant memory: four
 * averages, each moved a little by each bar that closes.
 *
 * Trend: a fast and a slow average of the price. Their distance, in units of what one bar usually moves, says how strongly
 * recent prices lie above (up) or below (down) older ones; below a threshold it is a range.
 * Volatility: the root of a fast average of squared returns, against that of a slow one. A market is wild when it moves
 * half as much again as it used to.
 * An average of n bars gives each new one the weight 2 / (n + 1), so it remembers about n of them; before that many have
 * closed there is nothing to say.
 */
import { adapter } from "@tidewire/adapter-binance"
import { Client, Decimal, Interval } from "@tidewire/core"
import { read } from "./settings.ts"

const usage = `node examples/regime.ts [--symbol BTCUSDT] [--interval 1s]

  --symbol SYMBOL   what to watch (default: BTCUSDT)
  --interval TIME   of the bars: 1s, 1m, 5m, 1h … (default: 1s)
  --fast N          bars that the fast averages remember (default: 5)
  --slow N          bars that the slow averages remember (default: 20)`

const { atEnd, flags, place } = read(usage, { symbol: "BTCUSDT", interval: "1s", fast: "5", slow: "20" })
const { interval } = flags
if (!Interval.isInterval(interval)) throw new Error(`no interval ${interval}; there is ${Interval.all.join(", ")}`)

/** Distance of the averages, in moves of one bar, from which on it is a trend. */
const TREND = 1
/** Fast volatility against slow, from which on it is wild. */
const WILD = 1.5

const average = (bars: number) => {
  const weight = 2 / (bars + 1)
  let value: number | undefined
  return (next: number): number => (value = value === undefined ? next : value + weight * (next - value))
}

const fast = Number(flags.fast)
const slow = Number(flags.slow)
const [fastPrice, slowPrice, fastSquare, slowSquare] = [average(fast), average(slow), average(fast), average(slow)]
let previous: number | undefined
let bars = 0

const client = Client.make(adapter, { venue: "binance", ...place })
atEnd(() => client.stop())

for await (const bar of client.watchBars(flags.symbol, interval)) {
  // a bar is told many times while it forms, and is final once; what was missed is fetched and comes in order
  if (!bar.isFinal) continue
  // logarithms: a rise and the fall that undoes it are of one size, whatever the price
  const price = Math.log(bar.close)
  const move = previous === undefined ? 0 : price - previous
  previous = price
  const distance = fastPrice(price) - slowPrice(price)
  const recent = Math.sqrt(fastSquare(move ** 2))
  const usual = Math.sqrt(slowSquare(move ** 2))
  const at = new Date(bar.openTime).toISOString()
  const close = Decimal.format(bar.close)
  if (++bars <= slow) {
    console.log(`${at} ${close} warming up ${bars}/${slow}`)
    continue
  }
  const trend = usual === 0 ? 0 : distance / usual
  const direction = trend > TREND ? "up" : trend < -TREND ? "down" : "range"
  const temper = recent > WILD * usual ? "wild" : "calm"
  const volatility = (recent * 10_000).toFixed(2)
  console.log(`${at} ${close} ${direction} ${temper} (trend ${trend.toFixed(2)}, ${volatility} bp a bar)`)
}
