/** Counts the gaps that a client tells. */
import type { GapEvent } from "./ClientEvent.ts"
import type { Findings } from "./Report.ts"

export const countGap = ({ accounted }: Findings, { repaired }: GapEvent): void => {
  accounted.gaps++
  if (repaired) accounted.repairedGaps++
  else accounted.unrepairedGaps++
}
