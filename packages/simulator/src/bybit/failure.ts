/**
 * The venue's REST errors: HTTP 200 with a `retCode`. Source: Bybit v5 docs, "Error Codes"; the texts behind 10001 are
 * not all documented.
 */
export class ApiFailure extends Error {
  override readonly name = "ApiFailure"
  readonly code: number

  constructor(code: number, msg: string) {
    super(msg)
    this.code = code
  }
}

const PARAMETER_ERROR = 10_001

export const invalid = (name: string): ApiFailure => new ApiFailure(PARAMETER_ERROR, `params error: ${name} invalid`)

export const invalidPeriod = (): ApiFailure => new ApiFailure(PARAMETER_ERROR, "Invalid period!")
