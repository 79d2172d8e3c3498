/**
 * The Binance adapter, in threads that die when they are told to: of those that have a file in `TIDEWIRE_MORTAL` to
 * themselves, the first to see it takes it away, does what it says and is no more.
 */
import { readFileSync, renameSync, rmSync } from "node:fs"
import { isMainThread, threadId } from "node:worker_threads"
import { adapter as binance } from "@tidewire/adapter-binance"
import type { Socket, VenueAdapter } from "@tidewire/core"
import { Effect } from "effect"
import type { HttpClient } from "effect/http"
import type { Scope } from "effect"

const LOOK_EVERY_MS = 20

const ends: Readonly<Record<string, () => void>> = {
  throw: () => {
    throw new Error("told to die")
  },
  exit: () => process.exit(7),
  hang: () => {
    for (;;);
  }
}

const dieWhenTold = (file: string): void => {
  const own = `${file}-${threadId}`
  setInterval(() => {
    try {
      renameSync(file, own)
    } catch {
      return
    }
    const way = readFileSync(own, "utf8")
    rmSync(own)
    ends[way]!()
  }, LOOK_EVERY_MS)
}

type Made = Effect.Effect<VenueAdapter.VenueAdapter, never, Socket.SocketDriver | HttpClient.HttpClient | Scope.Scope>

export const adapter = {
  ...binance,
  make: (settings: Parameters<typeof binance.make>[0]): Made => {
    const file = process.env["TIDEWIRE_MORTAL"]
    if (!isMainThread && file !== undefined) dieWhenTold(file)
    return binance.make(settings) as Made
  }
}
