/** A clock at the wall's pace that began at another time: for a market whose minute is to end soon. */
import { type Clock, wall } from "./clock.ts"

export const clockFrom = (startMs: number): Clock => {
  const offsetMs = startMs - wall.now()
  return { ...wall, now: () => wall.now() + offsetMs }
}
