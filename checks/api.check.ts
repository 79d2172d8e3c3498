/** docs/api.md says what is so: it is made of the API's routes, and each of its commands works on a demo and answers as is shown. */
import { afterAll, assert, beforeAll, describe, it } from "vitest"
import { type Demo, type Route, routes, start } from "../scripts/api/demo.ts"
import { isJson } from "../scripts/api/shortened.ts"
import { answers, page } from "../scripts/api/page.ts"

/** The keys of an object, at any depth that every answer of its kind has; of a list those of its first. */
const shapeOf = (value: unknown, depth = 0): unknown => {
  if (Array.isArray(value)) return value.length === 0 ? "list" : [shapeOf(value[0], depth)]
  if (typeof value !== "object" || value === null) return typeof value
  return depth > 1
    ? "object"
    : Object.fromEntries(Object.entries(value).map(([key, each]) => [key, shapeOf(each, depth + 1)]))
}

/** What comes and goes with the market or the moment. */
const MOMENTARY = new Set([
  "latencyMs",
  "reason",
  "exact",
  "exchangeTime",
  "lastReceivedTime",
  "ageMs",
  "averagePrice",
  "venueOrderId"
])

const lasting = (shape: unknown): unknown => {
  if (Array.isArray(shape)) return shape.map(lasting)
  if (typeof shape !== "object" || shape === null) return shape
  return Object.fromEntries(
    Object.entries(shape).flatMap(([key, each]) => (MOMENTARY.has(key) ? [] : [[key, lasting(each)]]))
  )
}

/** A list that is empty in one of them says nothing of what is in it. */
const isAlike = (one: unknown, other: unknown): boolean => {
  if (one === "list" || other === "list")
    return (one === "list" || Array.isArray(one)) && (other === "list" || Array.isArray(other))
  if (Array.isArray(one) && Array.isArray(other)) return isAlike(one[0], other[0])
  if (typeof one !== "object" || typeof other !== "object" || one === null || other === null) return one === other
  const [keys, others] = [Object.keys(one).toSorted(), Object.keys(other).toSorted()]
  return (
    JSON.stringify(keys) === JSON.stringify(others) &&
    keys.every((key) => isAlike((one as Record<string, unknown>)[key], (other as Record<string, unknown>)[key]))
  )
}

describe("docs/api.md", () => {
  let demo: Demo
  beforeAll(async () => {
    demo = await start()
  })
  afterAll(() => demo.stop())

  it("is made from the routes of the API", () => {
    const { fresh, now } = page()
    assert.isTrue(fresh === now, "stale: run pnpm generate")
  })

  it("has a command for every route, and each answers on a demo as is shown", async () => {
    const shown = answers()
    const wrong: Array<string> = []
    const check = async (route: Route): Promise<void> => {
      const [answer, before] = [await demo.answer(route), shown[route.id] ?? ""]
      if (isJson(answer) !== isJson(before)) return void wrong.push(`${route.id}: ${answer.slice(0, 200)}`)
      if (!isJson(answer)) return void (answer.length > 20 || wrong.push(`${route.id}: says nothing`))
      const [is, was] = [answer, before].map((text) => lasting(shapeOf(JSON.parse(text))))
      if (!isAlike(is, was)) wrong.push(`${route.id}: ${JSON.stringify(is)} is not ${JSON.stringify(was)}`)
    }
    // in the order of the document: what is halted is resumed after it
    for (const route of routes()) await check(route)
    assert.isAtLeast(routes().length, 38)
    assert.deepStrictEqual(wrong, [])
  })
})
