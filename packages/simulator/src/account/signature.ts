/** Whether a text was signed with an account's secret, or with its Ed25519 key. */
import { createHmac, verify } from "node:crypto"
import type { AccountDefinition } from "./AccountDefinition.ts"

export const hmac = (secret: string, text: string): string => createHmac("sha256", secret).update(text).digest("hex")

const isHex = (text: string): boolean => /^[0-9a-fA-F]{64}$/.test(text)

/** Hex for HMAC in either case; base64 for Ed25519. */
export const isSigned = ({ ed25519PublicKey, secret }: AccountDefinition, text: string, signature: string): boolean => {
  if (isHex(signature)) return secret !== undefined && hmac(secret, text) === signature.toLowerCase()
  return (
    ed25519PublicKey !== undefined &&
    verify(null, Buffer.from(text), ed25519PublicKey, Buffer.from(signature, "base64"))
  )
}
