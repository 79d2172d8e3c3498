/**
 * Signatures: the only thing here that needs a module of Node.
 * Source: docs/venues/bybit.md, "Signatures".
 */
import { createHmac } from "node:crypto"
import { Redacted } from "effect"

/** HMAC-SHA256, in lower-case hex. */
export const hmac =
  (secret: Redacted.Redacted) =>
  (text: string): string =>
    createHmac("sha256", Redacted.value(secret)).update(text, "utf8").digest("hex")
