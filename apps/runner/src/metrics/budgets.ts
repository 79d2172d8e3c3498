/** What may be asked of venues, and how much of it is used. */
import { DialBudget, RestBudget } from "@tidewire/core"
import type { Page } from "./Page.ts"

export const show = (page: Page, now: number): void => {
  for (const [host, budget] of RestBudget.all()) {
    const { restingUntilMs, usable, used, waiting } = budget.state(now)
    page.add("tidewire_rest_budget_used", { host }, used)
    page.add("tidewire_rest_budget_limit", { host }, usable)
    page.add("tidewire_rest_budget_waiting", { host }, waiting)
    page.add("tidewire_rest_budget_resting_seconds", { host }, secondsUntil(restingUntilMs, now))
  }
  for (const [host, budget] of DialBudget.all()) {
    const { limit, restingUntilMs, used, waiting } = budget.state(now)
    page.add("tidewire_dial_budget_used", { host }, used)
    page.add("tidewire_dial_budget_limit", { host }, limit)
    page.add("tidewire_dial_budget_waiting", { host }, waiting)
    page.add("tidewire_dial_budget_resting_seconds", { host }, secondsUntil(restingUntilMs, now))
  }
}

const secondsUntil = (time: number | undefined, now: number): number =>
  time === undefined ? 0 : Math.max(0, time - now) / 1_000
