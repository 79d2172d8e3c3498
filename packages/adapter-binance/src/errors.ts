/**
 * What the venue's refusals of REST reads mean: one table of codes, and the HTTP statuses that come without one.
 *
 * Total: any status with any body has a reason. A status that tells us to keep away outweighs the code in the body.
 */
import { Rest, VenueError } from "@tidewire/core"

interface Refused {
  readonly message: string
  readonly code?: number
  readonly retryAfterMs?: number
}

const later = ({ message, retryAfterMs }: Refused) => ({
  message,
  ...(retryAfterMs !== undefined && { retryAfterMs })
})
const rateLimited = (refused: Refused) => new VenueError.RateLimited(later(refused))
const unavailable = (refused: Refused) => new VenueError.VenueUnavailable(later(refused))
const unauthenticated = ({ message }: Refused) => new VenueError.AuthenticationFailed({ message })
const denied = ({ message }: Refused) => new VenueError.PermissionDenied({ message })
const unsupported = ({ message }: Refused) => new VenueError.Unsupported({ message })
const invalid = ({ message, code }: Refused) =>
  new VenueError.InvalidRequest({ message, ...(code !== undefined && { code }) })

type ToReason = (refused: Refused) => VenueError.Reason

/** Codes that public reads may meet. Source: docs/venues/binance.md, "Error codes". */
const byCode: ReadonlyMap<number, ToReason> = new Map<number, ToReason>([
  [-1000, unavailable], // unknown error while processing
  [-1001, unavailable], // internal disconnect
  [-1002, unauthenticated], // not authorised
  [-1003, rateLimited], // too much request weight, or banned for it
  [-1006, unavailable], // unexpected response of the matching engine
  [-1007, unavailable], // timeout behind the gateway
  [-1008, unavailable], // overloaded
  [-1015, rateLimited], // too many orders, shared window
  [-1016, unavailable], // service is shutting down
  [-1020, unsupported], // operation not supported
  [-1034, rateLimited], // too many connections
  [-1120, invalid], // interval
  [-1121, invalid], // symbol
  [-1122, invalid], // symbol status
  [-1127, invalid], // range of time too long
  [-1130, invalid], // parameter, such as a limit too high
  [-2014, unauthenticated], // key format
  [-2015, unauthenticated], // key, address or permission
  [-4021, invalid], // depth limit
  [-4088, invalid], // range of time too long
  [-4166, invalid] // trades older than the venue keeps
])

/** Statuses that outweigh the code. Source: docs/venues/binance.md, "REST limits". */
const byStatus: ReadonlyMap<number, ToReason> = new Map<number, ToReason>([
  [403, rateLimited], // the firewall: too much traffic from this address
  [408, unavailable],
  [418, rateLimited], // banned for ignoring 429
  [429, rateLimited],
  [451, denied] // not served from this place
])

export const classify = (refusal: Rest.Answer): VenueError.Reason | undefined => {
  if (refusal.status >= 200 && refusal.status < 300) return undefined
  const retryAfterMs = Rest.retryAfterMs(refusal.headers)
  const { code, message } = readBody(refusal)
  const refused: Refused = {
    message,
    ...(code !== undefined && { code }),
    ...(retryAfterMs !== undefined && { retryAfterMs })
  }
  const ofStatus = byStatus.get(refusal.status) ?? (refusal.status >= 500 ? unavailable : undefined)
  const ofCode = code === undefined ? undefined : byCode.get(code)
  return (ofStatus ?? ofCode ?? (refusal.status === 401 ? unauthenticated : invalid))(refused)
}

/** `{"code":-1121,"msg":"Invalid symbol."}`; a gateway in between may answer with a page instead. */
export const bodyOf = (body: string): { readonly code: number | undefined; readonly msg: string | undefined } => {
  let parsed: unknown
  try {
    parsed = JSON.parse(body)
  } catch {
    parsed = undefined
  }
  const { code, msg } = (typeof parsed === "object" && parsed !== null ? parsed : {}) as {
    code?: unknown
    msg?: unknown
  }
  return {
    code: typeof code === "number" && Number.isSafeInteger(code) ? code : undefined,
    msg: typeof msg === "string" ? msg : undefined
  }
}

const readBody = ({ status, body }: Rest.Answer): { readonly code: number | undefined; readonly message: string } => {
  const { code, msg } = bodyOf(body)
  if (msg === undefined) return { code, message: `HTTP ${status}` }
  return { code, message: code === undefined ? `HTTP ${status}: ${msg}` : `${msg} (HTTP ${status}, code ${code})` }
}
