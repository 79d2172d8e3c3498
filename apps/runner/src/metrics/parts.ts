/** What the other parts of an operation show of themselves. */
import type { Parts } from "../operation/Parts.ts"
import type { Page } from "./Page.ts"

export const show = (page: Page, { alerts, store }: Parts): void => {
  if (alerts !== undefined) {
    for (const severity of ["info", "warning", "critical"]) page.add("tidewire_alerts_active", { severity }, 0)
    for (const { severity } of alerts.active()) page.add("tidewire_alerts_active", { severity }, 1)
  }
  if (store === undefined) return
  const { bytes, dropped, kind, spilled, state, stored, taken, waiting } = store.status()
  page.add("tidewire_store_up", { kind }, state === "open" ? 1 : 0)
  page.add("tidewire_store_taken_total", { kind }, taken)
  page.add("tidewire_store_stored_total", { kind }, stored)
  page.add("tidewire_store_dropped_total", { kind }, dropped)
  page.add("tidewire_store_waiting", { kind }, waiting)
  if (spilled !== undefined) page.add("tidewire_store_spilled", { kind }, spilled)
  if (bytes !== undefined) page.add("tidewire_store_bytes", { kind }, bytes)
}
