/** Prices and sizes on the grid of an instrument, as the exact texts that orders take. */
import { Amount } from "@tidewire/core"
import * as BigDecimal from "effect/BigDecimal"

/** The nearest whole number of steps below (`floor`) or above (`ceil`). */
export const onGrid = (value: number, step: string, mode: "floor" | "ceil"): Amount.Amount => {
  const size = BigDecimal.fromStringUnsafe(step)
  const steps = BigDecimal.divideUnsafe(BigDecimal.fromNumberUnsafe(value), size)
  return Amount.write(BigDecimal.multiply(BigDecimal.round(steps, { scale: 0, mode }), size))
}
