/** The pauses that collections of garbage make by themselves: those that were forced to read the heap are left out. */
import { constants, PerformanceObserver } from "node:perf_hooks"

export interface GcPauses {
  readonly stop: () => { readonly count: number; readonly longestMs: number; readonly p99Ms: number }
}

export const watch = (): GcPauses => {
  const pausesMs: Array<number> = []
  const observer = new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) {
      // what a collection tells is not in the type of an entry
      const { detail } = entry as unknown as { readonly detail: { readonly flags: number } }
      if ((detail.flags & constants.NODE_PERFORMANCE_GC_FLAGS_FORCED) === 0) pausesMs.push(entry.duration)
    }
  })
  observer.observe({ entryTypes: ["gc"] })
  return {
    stop: () => {
      observer.disconnect()
      const sorted = pausesMs.toSorted((left, right) => left - right)
      const p99Ms = sorted[Math.floor(sorted.length * 0.99)] ?? 0
      return { count: sorted.length, longestMs: sorted.at(-1) ?? 0, p99Ms }
    }
  }
}
