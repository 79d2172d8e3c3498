/**
 * Where the venue is: base URLs by environment, without the paths that routes and requests append.
 *
 * Not looked up yet: these lead nowhere.
 * Source: docs/venues/newvenue.md, "Hosts".
 */
import type { Endpoints } from "@tidewire/core"

export const environments = {
  mainnet: {
    stream: "wss://stream.newvenue.invalid",
    rest: "https://api.newvenue.invalid"
  }
} as const satisfies Record<string, Endpoints.Hosts>
