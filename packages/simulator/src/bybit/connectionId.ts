/** The id that the venue gives a connection. */
import { make as makeRandom } from "../random.ts"

/** In the shape of a UUID; the same for the same connection of the same simulator. */
export const connectionId = (id: number): string => {
  const { next } = makeRandom(`connection/${id}`)
  const word = () =>
    Math.floor(next() * 2 ** 32)
      .toString(16)
      .padStart(8, "0")
  const [a, b, c, d] = [word(), word(), word(), word()]
  return `${a}-${b.slice(0, 4)}-4${b.slice(5)}-8${c.slice(1, 4)}-${c.slice(4)}${d}`
}
