/**
 * CCXT leaves rejections to nobody: of a future that it made for whoever else logs in at the same time, of a request that
 * meets a closing socket. They would end the process. Whoever waits hears of them all the same.
 */
import type { Client, Exchange } from "../Exchange.ts"

/** From here on no rejection of this object's sockets is without a handler. `onSend` runs before a message is sent. */
export const handleAll = (exchange: Exchange, onSend: () => void): void => {
  const client = exchange.client?.bind(exchange)
  if (client === undefined) return
  const known = new WeakSet<Client>()
  exchange.client = (url) => {
    const found = client(url)
    if (!known.has(found)) {
      known.add(found)
      handle(found, onSend)
    }
    return found
  }
}

const nobody = (): void => {}

const handle = (client: Client, onSend: () => void): void => {
  const send = client.send.bind(client)
  client.send = (message) => {
    onSend()
    const sent = send(message)
    sent.catch(nobody)
    return sent
  }
  const future = client.future?.bind(client)
  if (future === undefined) return
  client.future = (hash) => {
    const made = future(hash)
    made.catch(nobody)
    return made
  }
}
