/** Which names and addresses can be reached from this machine alone. */
import { BlockList, isIP } from "node:net"

const addresses = new BlockList()
addresses.addSubnet("127.0.0.0", 8, "ipv4")
addresses.addAddress("::1", "ipv6")

/** A host without its port; `[::1]` and `::1` are one. */
export const isLoopback = (host: string): boolean => {
  const name = host.replace(/^\[(.*)\]$/, "$1").toLowerCase()
  if (name === "localhost" || name.endsWith(".localhost")) return true
  const family = isIP(name)
  return family !== 0 && addresses.check(name, family === 4 ? "ipv4" : "ipv6")
}
