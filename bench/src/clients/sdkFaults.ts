/** What the vendors' clients tell of trouble; a run with any is void. */

interface Told {
  on(event: "exception" | "close", listener: (what: unknown) => void): unknown
}

export const watched = (client: Told): ReadonlyArray<string> => {
  const problems: Array<string> = []
  for (const event of ["exception", "close"] as const) {
    client.on(event, (what) => void problems.push(`${event}: ${what instanceof Error ? what.message : typeof what}`))
  }
  return problems
}
