/**
 * Signatures: the only thing here that needs a module of Node. A key that cannot be read is told without being shown.
 * Source: docs/venues/binance.md, "Signatures".
 */
import { createHmac, createPrivateKey, sign } from "node:crypto"
import { VenueError } from "@tidewire/core"
import { Redacted, Result } from "effect"

export interface Signer {
  readonly kind: "hmac" | "ed25519"
  /** Hex or base64; not percent-encoded. */
  readonly sign: (text: string) => string
}

/** HMAC-SHA256, in hex. */
export const hmac = (secret: Redacted.Redacted): Signer => ({
  kind: "hmac",
  sign: (text) => createHmac("sha256", Redacted.value(secret)).update(text, "utf8").digest("hex")
})

/** Ed25519 with a private key in PEM, in base64. */
export const ed25519 = (pem: Redacted.Redacted): Result.Result<Signer, VenueError.InvalidRequest> =>
  Result.mapError(
    Result.try({
      try: () => {
        // environment variables often hold line breaks as two characters
        const key = createPrivateKey(Redacted.value(pem).replaceAll("\\n", "\n"))
        if (key.asymmetricKeyType !== "ed25519") throw new Error("another kind of key")
        return {
          kind: "ed25519",
          sign: (text) => sign(null, Buffer.from(text, "utf8"), key).toString("base64")
        } as const
      },
      catch: () => undefined
    }),
    () => new VenueError.InvalidRequest({ message: "privateKey is no Ed25519 key in PEM" })
  )
