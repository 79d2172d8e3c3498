/** What runs, since when. */
import type { Instance } from "../operation/Instance.ts"
import type { Page } from "./Page.ts"

export const show = (page: Page, { bus, phase, startedAt, version }: Instance, now: number): void => {
  page.add("tidewire_build_info", { version, ...runtime() }, 1)
  page.add("tidewire_start_time_seconds", {}, startedAt / 1_000)
  page.add("tidewire_uptime_seconds", {}, Math.max(0, now - startedAt) / 1_000)
  page.add("tidewire_running", {}, phase() === "running" ? 1 : 0)
  page.add("tidewire_listener_failures_total", {}, bus.failures)
}

const runtime = () => {
  const { bun, deno, node } = process.versions
  if (bun !== undefined) return { runtime: "bun", runtime_version: bun }
  return deno === undefined ? { runtime: "node", runtime_version: node } : { runtime: "deno", runtime_version: deno }
}
