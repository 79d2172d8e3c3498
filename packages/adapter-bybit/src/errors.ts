/**
 * What the venue's refusals mean: one table of the codes that public reads may meet, the HTTP statuses that come without
 * one, and one table of the words in which a subscription is refused, which has no codes.
 *
 * Total: any answer has a reason or is what was asked for. A refusal may come with HTTP 200. A status that tells us to
 * keep away outweighs the code.
 */
import { type Rest, VenueError } from "@tidewire/core"

interface Refused {
  readonly message: string
  readonly code?: number
}

const rateLimited = (refused: Refused) => new VenueError.RateLimited(told(refused))
const unavailable = (refused: Refused) => new VenueError.VenueUnavailable(told(refused))
const unauthenticated = (refused: Refused) => new VenueError.AuthenticationFailed(told(refused))
const denied = (refused: Refused) => new VenueError.PermissionDenied(told(refused))
const invalid = (refused: Refused) => new VenueError.InvalidRequest(refused)

const told = ({ message }: Refused) => ({ message })

type ToReason = (refused: Refused) => VenueError.Reason

/** Source: docs/venues/bybit.md, "Error codes". */
const byCode: ReadonlyMap<number, ToReason> = new Map<number, ToReason>([
  [-1, invalid], // time window
  [429, rateLimited],
  [10000, unavailable], // timeout of the server
  [10001, invalid], // parameter, such as a symbol that does not exist
  [10002, invalid], // time window
  [10003, unauthenticated], // key, or a key of another environment
  [10004, unauthenticated], // signature
  [10005, denied],
  [10006, rateLimited], // too many visits
  [10007, unauthenticated],
  [10008, denied],
  [10009, denied], // address
  [10010, denied], // address
  [10016, unavailable], // error of the server
  [10017, invalid], // path
  [10019, unavailable], // restart
  [10024, denied], // compliance
  [10027, denied],
  [10028, denied],
  [10029, invalid], // symbol
  [10403, rateLimited],
  [10404, invalid], // path
  [10429, rateLimited],
  [33004, unauthenticated], // key has expired
  [500000, unavailable]
])

/** Statuses that outweigh the code. Source: docs/venues/bybit.md, "REST limits". */
const byStatus: ReadonlyMap<number, ToReason> = new Map<number, ToReason>([
  [403, rateLimited], // too many requests of this address, or a place that is not served
  [408, unavailable],
  [429, rateLimited]
])

export const classify = ({ status, body }: Rest.Answer): VenueError.Reason | undefined => {
  const isSuccess = status >= 200 && status < 300
  const { code, message } = readBody(body)
  if (isSuccess && (code === undefined || code === 0)) return undefined
  const said = message === undefined || message === "" ? [] : [message]
  const about = [...(isSuccess ? [] : [`HTTP ${status}`]), ...(code === undefined ? [] : [`code ${code}`])].join(", ")
  const refused = {
    message: said.length === 0 ? about : `${said[0]} (${about})`,
    ...(code !== undefined && { code })
  }
  const ofStatus = byStatus.get(status) ?? (status >= 500 ? unavailable : undefined)
  const ofCode = code === undefined ? undefined : byCode.get(code)
  return (ofStatus ?? ofCode ?? (status === 401 ? unauthenticated : invalid))(refused)
}

/** `{"retCode":10001,"retMsg":"params error"}`; a gateway in between may answer with a page instead. */
const readBody = (body: string): { readonly code?: number; readonly message?: string } => {
  let parsed: unknown
  try {
    parsed = JSON.parse(body)
  } catch {
    return {}
  }
  const { retCode, retMsg } = Object(parsed) as { retCode?: unknown; retMsg?: unknown }
  return {
    ...(typeof retCode === "number" && Number.isSafeInteger(retCode) && { code: retCode }),
    ...(typeof retMsg === "string" && { message: retMsg })
  }
}

/** What a refusal of a subscription begins with, where asking again is in vain. Others may be passing troubles. */
const inVain = ["error:handler not found", "Invalid symbol", "args size >10", "error:invalid op"]

const DUPLICATE = "error:already subscribed"

/** The topic, or one of a request's topics, is subscribed on this connection. */
export const isDuplicate = (message: unknown): boolean => typeof message === "string" && message.startsWith(DUPLICATE)

/** Source: docs/venues/bybit.md, "Control frames". */
export const rejection = (message: unknown): VenueError.SubscriptionRejected => {
  const text = typeof message === "string" && message !== "" ? message : "refused without a message"
  return new VenueError.SubscriptionRejected({ message: text, permanent: inVain.some((each) => text.startsWith(each)) })
}
