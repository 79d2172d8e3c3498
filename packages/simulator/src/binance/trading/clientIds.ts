/** Ids of orders that came without one, in the venue's shape: 22 letters and digits, never the same twice. */
import { make as makeRandom } from "../../random.ts"

const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
const LENGTH = 22

/** `count` is of whatever is never counted twice in one simulator. */
export const generated = (count: number): string => {
  const random = makeRandom(`clientId/${count}`)
  return Array.from({ length: LENGTH }, () => letters[random.int(letters.length)]).join("")
}
