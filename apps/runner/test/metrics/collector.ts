/** A collector of OTLP on loopback: what was sent to it, and how it answers. */
import { createServer, type IncomingHttpHeaders } from "node:http"
import type { AddressInfo } from "node:net"

interface Point {
  readonly attributes: ReadonlyArray<{ readonly key: string; readonly value: { readonly stringValue: string } }>
  readonly asDouble?: number
  readonly count?: number
}

interface Metric {
  readonly name: string
  readonly sum?: { readonly dataPoints: ReadonlyArray<Point> }
  readonly gauge?: { readonly dataPoints: ReadonlyArray<Point> }
  readonly histogram?: { readonly dataPoints: ReadonlyArray<Point> }
}

interface Body {
  readonly resourceMetrics: ReadonlyArray<{
    readonly resource: { readonly attributes: Point["attributes"] }
    readonly scopeMetrics: ReadonlyArray<{ readonly metrics: ReadonlyArray<Metric> }>
  }>
}

/** One sample of a metric; of a histogram, how many values it has. */
export interface Sample {
  readonly name: string
  readonly labels: Readonly<Record<string, string>>
  readonly value: number
  readonly isHistogram: boolean
}

export interface Received {
  readonly path: string
  readonly headers: IncomingHttpHeaders
  readonly resource: Readonly<Record<string, string>>
  readonly samples: ReadonlyArray<Sample>
}

const attributesOf = (attributes: Point["attributes"]) =>
  Object.fromEntries(attributes.map(({ key, value }) => [key, value.stringValue]))

const samplesOf = (metrics: ReadonlyArray<Metric>): ReadonlyArray<Sample> =>
  metrics.flatMap(({ gauge, histogram, name, sum }) =>
    (sum ?? gauge ?? histogram!).dataPoints.map(({ asDouble, attributes, count }) => ({
      name,
      labels: attributesOf(attributes),
      value: asDouble ?? count ?? Number.NaN,
      isHistogram: histogram !== undefined
    }))
  )

/** On a port that the system picks, unless it is given one; closed with `await using`. */
export const collector = async (port = 0) => {
  const received: Array<Received> = []
  const waiting: Array<() => void> = []
  let status = 200
  const server = createServer((request, response) => {
    const chunks: Array<Buffer> = []
    request.on("data", (chunk: Buffer) => chunks.push(chunk))
    request.on("end", () => {
      const { resource, scopeMetrics } = (JSON.parse(Buffer.concat(chunks).toString()) as Body).resourceMetrics[0]!
      received.push({
        path: request.url ?? "",
        headers: request.headers,
        resource: attributesOf(resource.attributes),
        samples: samplesOf(scopeMetrics.flatMap(({ metrics }) => metrics))
      })
      response.writeHead(status).end("{}")
      for (const each of waiting.splice(0)) each()
    })
  })
  await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve))
  const bound = (server.address() as AddressInfo).port
  const close = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve())
      server.closeAllConnections()
    })
  return {
    received,
    port: bound,
    url: `http://127.0.0.1:${bound}/v1/metrics`,
    /** Resolves when more has come. */
    next: () => new Promise<void>((resolve) => waiting.push(resolve)),
    answer: (next: number) => (status = next),
    close,
    [Symbol.asyncDispose]: close
  }
}
