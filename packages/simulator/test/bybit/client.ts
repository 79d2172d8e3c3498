/** A plain client of the simulator's Bybit for the tests: requests by `req_id`, frames by topic, and a book rebuilt. */
import type { Client, Json, Stage } from "../support.ts"
import { eventually } from "../support.ts"

export type Category = "spot" | "linear" | "inverse"

export interface Data {
  readonly s: string
  readonly b: ReadonlyArray<readonly [string, string]>
  readonly a: ReadonlyArray<readonly [string, string]>
  readonly u: number
  readonly seq: number
}

export interface Message<D = unknown> {
  readonly topic: string
  readonly type: "snapshot" | "delta"
  readonly ts: number
  readonly data: D
  readonly cts?: number
  readonly cs?: number
}

export interface BybitClient extends Client {
  readonly request: (op: string, args?: ReadonlyArray<string>) => Promise<Json>
  readonly of: <D = unknown>(topic: string) => Array<Message<D>>
}

let count = 0

export const open = async (stage: Stage, category: Category): Promise<BybitClient> => {
  const client = await stage.ws(`/v5/public/${category}`)
  const isFields = (value: unknown): value is Json => typeof value === "object" && value !== null
  return {
    ...client,
    request: (op, args) => {
      const req_id = `r${++count}`
      client.send({ req_id, op, ...(args === undefined ? {} : { args }) })
      return eventually(
        () => client.received.find((one): one is Json => isFields(one) && one["req_id"] === req_id),
        `an answer to ${op} ${args?.join(" ")}`
      )
    },
    of: <D>(topic: string) =>
      client.received.filter((one): one is Json & Message<D> => isFields(one) && one["topic"] === topic)
  }
}

/** A book as a client keeps it by the venue's rules; throws when `u` does not follow. */
export class Rebuilt {
  readonly bids = new Map<string, string>()
  readonly asks = new Map<string, string>()
  u: number | undefined

  accept({ data, type }: Message<Data>): void {
    if (type === "snapshot") {
      this.bids.clear()
      this.asks.clear()
    } else if (this.u === undefined || data.u !== this.u + 1) throw new Error(`${data.u} after ${this.u}`)
    this.u = data.u
    for (const [rows, side] of [
      [data.b, this.bids],
      [data.a, this.asks]
    ] as const) {
      for (const [price, size] of rows) {
        if (size === "0") side.delete(price)
        else side.set(price, size)
      }
    }
  }

  /** Best first. */
  levels(): {
    readonly bids: ReadonlyArray<readonly [string, string]>
    readonly asks: ReadonlyArray<readonly [string, string]>
  } {
    return {
      bids: [...this.bids].toSorted(([a], [b]) => Number(b) - Number(a)),
      asks: [...this.asks].toSorted(([a], [b]) => Number(a) - Number(b))
    }
  }
}
