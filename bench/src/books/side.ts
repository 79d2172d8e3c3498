/** What a structure must offer to be compared: one side of a book, keys ascending from the worst to the best. */
export interface Side {
  /** Sets the size of a key; 0 removes it. */
  readonly set: (key: number, size: number) => void
  /** The highest key; `NaN` when there is none. */
  readonly bestPrice: number
  /** The highest keys with their sizes, fresh, the highest first. */
  readonly levels: (depth: number) => ReadonlyArray<readonly [number, number]>
}
