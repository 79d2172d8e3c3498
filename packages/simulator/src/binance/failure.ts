/**
 * The venue's REST errors: `{code, msg}` with a status. Source: Binance docs, "Error codes" of both markets.
 */

export class RestFailure extends Error {
  override readonly name = "RestFailure"
  readonly status: number
  readonly code: number

  constructor(code: number, msg: string, status = 400) {
    super(msg)
    this.status = status
    this.code = code
  }
}

export const missing = (name: string): RestFailure =>
  new RestFailure(-1102, `Mandatory parameter '${name}' was not sent, was empty/null, or malformed.`)

export const empty = (name: string): RestFailure => new RestFailure(-1105, `Parameter '${name}' was empty.`)

export const invalidSymbol = (): RestFailure => new RestFailure(-1121, "Invalid symbol.")

export const invalidInterval = (): RestFailure => new RestFailure(-1120, "Invalid interval.")

export const illegal = (name: string, legal: string): RestFailure =>
  new RestFailure(-1100, `Illegal characters found in parameter '${name}'; legal range is '${legal}'.`)

export const invalidData = (name: string): RestFailure =>
  new RestFailure(-1130, `Data sent for parameter '${name}' is not valid.`)

export const badCombination = (): RestFailure => new RestFailure(-1128, "Combination of optional parameters invalid.")
