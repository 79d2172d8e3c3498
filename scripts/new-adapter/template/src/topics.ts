/**
 * The wire name of a subscription, and which of the venue's sockets carries it.
 *
 * Not looked up yet: the names, and whether there is more than one kind of socket.
 * Source: docs/venues/newvenue.md, "Channels" and "Hosts".
 */
import type { SocketVenue, Subscription } from "@tidewire/core"
import { spell } from "./symbols.ts"

const ROUTE = "public"

export const routes: ReadonlyArray<string> = [ROUTE]

export const of = ({ channel, symbol }: Subscription.Subscription): SocketVenue.Topic => ({
  name: `${channel}.${spell(symbol)}`,
  route: ROUTE
})
