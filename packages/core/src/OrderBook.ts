export interface ReadonlyOrderBook {
  readonly sequence: number
}
export type BookView =
  | { readonly state: "live"; readonly book: ReadonlyOrderBook }
  | { readonly state: "syncing" | "stale"; readonly reason: string | undefined }
