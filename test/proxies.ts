/**
 * Small real proxies: HTTP's CONNECT and SOCKS 5, each with a user and a password. Whatever name is asked for, the tunnel
 * leads to `target`: a client that did not go through here would not find a name that does not exist.
 */
import { type AddressInfo, connect, createServer, type Socket } from "node:net"

export interface Proxy {
  readonly port: number
  /** The first line of each tunnel, behind the name it asked for: `venue.invalid:80 GET /api/v3/depth`. */
  readonly tunnels: Array<string>
  /** Cuts every tunnel. */
  readonly cut: () => void
  readonly stop: () => Promise<void>
}

export interface Login {
  readonly user: string
  readonly password: string
}

type Greet = (client: Socket, login: Login) => Promise<string | undefined>

const start = async (greet: Greet, confirm: (client: Socket) => void, target: number, login: Login): Promise<Proxy> => {
  const tunnels: Array<string> = []
  const open = new Set<Socket>()
  const server = createServer((client) => {
    open.add(client)
    client.on("error", () => {})
    client.once("close", () => open.delete(client))
    void greet(client, login).then((name) => {
      if (name === undefined) return
      const venue = connect(target, "127.0.0.1", () => {
        client.once("data", (data) => tunnels.push(`${name} ${/^GET [^? ]+/.exec(data.toString())?.[0]}`))
        confirm(client)
        client.pipe(venue).pipe(client)
      })
      venue.on("error", () => client.destroy())
      client.once("close", () => venue.destroy())
    })
  })
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
  return {
    port: (server.address() as AddressInfo).port,
    tunnels,
    cut: () => {
      for (const each of open) each.destroy()
    },
    stop: async () => {
      for (const each of open) each.destroy()
      await new Promise((resolve) => server.close(resolve))
    }
  }
}

const next = (client: Socket): Promise<Buffer> => new Promise((resolve) => client.once("data", resolve))

const greetHttp: Greet = async (client, { password, user }) => {
  const request = (await next(client)).toString()
  const expected = `Proxy-Authorization: Basic ${Buffer.from(`${user}:${password}`).toString("base64")}\r\n`
  if (request.includes(expected)) return /^CONNECT (\S+) /.exec(request)?.[1]
  client.end("HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n")
  return undefined
}

/** Source: RFC 1928 and RFC 1929. */
const greetSocks: Greet = async (client, { password, user }) => {
  await next(client)
  client.write(Buffer.from([5, 2]))
  const given = await next(client)
  const expected = Buffer.from([1, user.length, ...Buffer.from(user), password.length, ...Buffer.from(password)])
  if (!given.equals(expected)) {
    client.end(Buffer.from([1, 1]))
    return undefined
  }
  client.write(Buffer.from([1, 0]))
  const request = await next(client)
  // a name, not an address: it is not looked up where the client is
  if (request[3] !== 3) return undefined
  const length = request[4]!
  return `${request.subarray(5, 5 + length).toString()}:${request.readUInt16BE(5 + length)}`
}

export const http = (target: number, login: Login): Promise<Proxy> =>
  start(greetHttp, (client) => client.write("HTTP/1.1 200 OK\r\n\r\n"), target, login)

export const socks = (target: number, login: Login): Promise<Proxy> =>
  start(greetSocks, (client) => client.write(Buffer.from([5, 0, 0, 1, 0, 0, 0, 0, 0, 0])), target, login)
