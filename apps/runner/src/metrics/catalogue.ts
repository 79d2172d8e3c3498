/**
 * Every metric there is: its kind, its labels and what it means. `docs/metrics.md` is made from here, and nothing is shown that
 * does not stand here.
 *
 * Names are as Prometheus wants them: the unit at the end, `_total` for what only rises. A label in `optional` is left out
 * where its values would be too many (`metrics.perSymbol`); then the series are summed, or as `merge` says.
 */

export interface Definition {
  readonly kind: "counter" | "gauge" | "histogram"
  readonly section:
    | "feeds"
    | "queues"
    | "connections"
    | "books"
    | "latency"
    | "budgets"
    | "process"
    | "engine"
    | "parts"
  readonly labels: ReadonlyArray<string>
  readonly optional?: ReadonlyArray<string>
  /** What becomes of several gauges with the same labels; counters are summed. */
  readonly merge?: "sum" | "most" | "least"
  readonly help: string
}

const stream = { section: "queues", labels: ["venue", "channel"], optional: ["symbol"] } as const
const feed = { kind: "counter", section: "feeds", labels: ["venue"] } as const
const queue = { section: "queues", labels: ["venue"] } as const
const connection = { section: "connections", labels: ["venue", "connection"] } as const
const budget = { kind: "gauge", section: "budgets", labels: ["host"] } as const

export const catalogue = {
  tidewire_frames_total: {
    ...feed,
    help: "Messages read from sockets, acknowledgements among them; answers to polls."
  },
  tidewire_events_total: { ...feed, help: "Events told by feeds, those about the stream itself among them." },
  tidewire_malformed_frames_total: { ...feed, help: "Frames that could not be read, or whose values are impossible." },
  tidewire_unknown_frames_total: { ...feed, help: "Readable frames that nobody asked for." },
  tidewire_fallback_frames_total: {
    ...feed,
    help: "Frames that were read the slow way: the venue may have changed its format."
  },
  tidewire_duplicates_total: { ...feed, help: "Events dropped because their like had been delivered." },
  tidewire_inexact_values_total: { ...feed, help: "Values with more digits than a float64 holds." },
  tidewire_resyncs_total: { ...feed, help: "Order books that were built anew." },
  tidewire_book_audits_total: { ...feed, help: "Order books compared with the venue's." },
  tidewire_book_drifts_total: { ...feed, help: "Order books that differed from the venue's." },
  tidewire_reconnects_total: { ...feed, help: "Sessions that began after a loss." },
  tidewire_rotations_total: { ...feed, help: "Sessions that took another's place without a break." },
  tidewire_gaps_total: {
    ...feed,
    labels: ["venue", "reason", "repaired"],
    help: "Holes that were told, by why and whether what was missing has been fetched."
  },
  tidewire_lost_events_total: {
    ...feed,
    labels: ["venue", "reason"],
    help: "Events known to be missing: of holes that were not repaired and whose size is known."
  },
  tidewire_venue_up: {
    ...feed,
    kind: "gauge",
    help: "1 when the venue is open, 0 when it could not be opened or is not yet."
  },

  tidewire_queue_received_total: {
    ...queue,
    kind: "counter",
    help: "Events put into queues: what was delivered, conflated and dropped, and what waits."
  },
  tidewire_queue_delivered_total: { ...queue, kind: "counter", help: "Events delivered from queues." },
  tidewire_queue_conflated_total: {
    ...queue,
    kind: "counter",
    help: "Events that were merged into later ones while they waited."
  },
  tidewire_queue_dropped_total: { ...queue, kind: "counter", help: "Events that gave way because a queue was full." },
  tidewire_queue_waiting: { ...queue, kind: "gauge", help: "Events that wait in queues." },
  tidewire_stream_delivered_total: { ...stream, kind: "counter", help: "Events of a market delivered." },
  tidewire_stream_conflated_total: { ...stream, kind: "counter", help: "Events of a market conflated." },
  tidewire_stream_dropped_total: { ...stream, kind: "counter", help: "Events of a market dropped." },
  tidewire_stream_waiting: { ...stream, kind: "gauge", help: "Events of a market that wait." },
  tidewire_stream_age_seconds: {
    ...stream,
    kind: "gauge",
    merge: "most",
    help: "How long ago the last delivered event was received; of several streams the oldest."
  },
  tidewire_stream_gaps_total: { ...stream, kind: "counter", help: "Holes that were told, repaired ones among them." },
  tidewire_stream_gaps_unrepaired_total: { ...stream, kind: "counter", help: "Holes that were told and not repaired." },
  tidewire_streams: {
    kind: "gauge",
    section: "queues",
    labels: ["venue", "state"],
    help: "Subscribed streams by their state."
  },

  tidewire_connections: {
    kind: "gauge",
    section: "connections",
    labels: ["venue", "state"],
    help: "Connections by their state."
  },
  tidewire_connection_up: { ...connection, kind: "gauge", help: "1 while the connection is Active." },
  tidewire_connection_state_seconds: {
    ...connection,
    kind: "gauge",
    help: "How long the connection has been in its state."
  },
  tidewire_connection_attempts: { ...connection, kind: "gauge", help: "Attempts since the last stable session." },
  tidewire_connection_reconnects_total: { ...connection, kind: "counter", help: "Sessions that began after a loss." },
  tidewire_connection_rotations_total: {
    ...connection,
    kind: "counter",
    help: "Sessions that took another's place without a break."
  },
  tidewire_connection_ping_seconds: {
    ...connection,
    kind: "gauge",
    help: "How long the venue took to answer the last ping."
  },

  tidewire_books: { kind: "gauge", section: "books", labels: ["venue", "state"], help: "Order books by their state." },
  tidewire_book_live: {
    kind: "gauge",
    section: "books",
    labels: ["venue"],
    optional: ["symbol"],
    merge: "least",
    help: "1 while the order book may be relied on; of several books, while all may be."
  },
  tidewire_book_age_seconds: {
    kind: "gauge",
    section: "books",
    labels: ["venue"],
    optional: ["symbol"],
    merge: "most",
    help: "How long ago the last change of the order book was received; of several books the oldest."
  },

  tidewire_latency_seconds: {
    kind: "histogram",
    section: "latency",
    labels: ["venue", "hop"],
    help:
      "How long events took over a hop of their way. Events are sampled by their number, whatever their channel, about one " +
      "a millisecond, and each stands for those since the one before; acknowledgements of orders are measured one by one. A venue's clock that is ahead counts as 0."
  },

  tidewire_rest_budget_used: { ...budget, help: "Weight of requests used in the venue's present window." },
  tidewire_rest_budget_limit: {
    ...budget,
    help: "Weight that may be used in a window: 70 % of what the venue allows."
  },
  tidewire_rest_budget_waiting: { ...budget, help: "Requests that wait for their turn." },
  tidewire_rest_budget_resting_seconds: {
    ...budget,
    help: "For how much longer the host is left alone because it asked for it."
  },
  tidewire_dial_budget_used: { ...budget, help: "Attempts to connect that still count." },
  tidewire_dial_budget_limit: { ...budget, help: "Attempts to connect that the venue allows in its window." },
  tidewire_dial_budget_waiting: { ...budget, help: "Connections that wait for their turn to be dialled." },
  tidewire_dial_budget_resting_seconds: {
    ...budget,
    help: "For how much longer the host is not dialled because it asked for it."
  },

  tidewire_build_info: {
    kind: "gauge",
    section: "process",
    labels: ["version", "runtime", "runtime_version"],
    help: "1, with what runs."
  },
  tidewire_start_time_seconds: {
    kind: "gauge",
    section: "process",
    labels: [],
    help: "When the session began, since the epoch."
  },
  tidewire_uptime_seconds: { kind: "gauge", section: "process", labels: [], help: "How long the session has run." },
  tidewire_running: {
    kind: "gauge",
    section: "process",
    labels: [],
    help: "1 from the first connection that was Active until the stop."
  },
  tidewire_cpu_seconds_total: {
    kind: "counter",
    section: "process",
    labels: ["mode"],
    help: "Processor time of the process, of all its threads."
  },
  tidewire_resident_memory_bytes: { kind: "gauge", section: "process", labels: [], help: "Memory of the process." },
  tidewire_heap_used_bytes: {
    kind: "gauge",
    section: "process",
    labels: [],
    help: "Of the main thread's heap, what is used."
  },
  tidewire_heap_size_bytes: { kind: "gauge", section: "process", labels: [], help: "The main thread's heap." },
  tidewire_external_memory_bytes: {
    kind: "gauge",
    section: "process",
    labels: [],
    help: "Memory outside of the heap that objects in it hold."
  },
  tidewire_event_loop_delay_seconds: {
    kind: "gauge",
    section: "process",
    labels: ["quantile"],
    help: "How much later than due the event loop came round, over the last full ten seconds; `1` is the most."
  },
  tidewire_gc_pause_seconds: {
    kind: "histogram",
    section: "process",
    labels: ["kind"],
    help: "Pauses of garbage collection. Only where the runtime tells them (Node)."
  },
  tidewire_listener_failures_total: {
    kind: "counter",
    section: "process",
    labels: [],
    help: "How often something that hears of events failed."
  },

  tidewire_orders_sent_total: { kind: "counter", section: "engine", labels: ["venue"], help: "Orders that were sent." },
  tidewire_orders_ended_total: {
    kind: "counter",
    section: "engine",
    labels: ["venue", "status"],
    help: "Orders that ended, by how."
  },
  tidewire_order_refusals_total: {
    kind: "counter",
    section: "engine",
    labels: ["reason"],
    help: "Requests of strategies that were not sent, by why; a limit or cause stands after the colon."
  },
  tidewire_fills_total: { kind: "counter", section: "engine", labels: ["venue"], help: "Executions of orders." },
  tidewire_open_orders: { kind: "gauge", section: "engine", labels: ["venue"], help: "Orders that have not ended." },
  tidewire_open_positions: {
    kind: "gauge",
    section: "engine",
    labels: ["venue"],
    help: "Positions that are not flat."
  },
  tidewire_account_open: {
    kind: "gauge",
    section: "engine",
    labels: ["venue"],
    help: "1 while the account may be traded on."
  },
  tidewire_halted: { kind: "gauge", section: "engine", labels: [], help: "1 while trading is halted." },
  tidewire_daily_pnl: { kind: "gauge", section: "engine", labels: ["currency"], help: "Won or lost today (UTC)." },
  tidewire_pnl: {
    kind: "gauge",
    section: "engine",
    labels: ["asset", "part"],
    help: "Won or lost: realised, unrealised, fees, funding, and net of them all."
  },
  tidewire_journal_writes_total: { kind: "counter", section: "engine", labels: [], help: "Changes of the journal." },
  tidewire_engine_notices_total: {
    kind: "counter",
    section: "engine",
    labels: ["notice"],
    help: "Notices of the engine, by their kind."
  },
  tidewire_engine_dropped_total: {
    kind: "counter",
    section: "engine",
    labels: [],
    help: "Events that were dropped because strategies and orders went in a circle."
  },
  tidewire_unvalued_fills_total: {
    kind: "counter",
    section: "engine",
    labels: [],
    help: "Fills of instruments that are not known."
  },
  tidewire_strategies: { kind: "gauge", section: "engine", labels: ["state"], help: "Strategies by their state." },
  tidewire_strategy_events_total: {
    kind: "counter",
    section: "engine",
    labels: ["strategy"],
    help: "Calls of a strategy's handlers."
  },

  tidewire_alerts_active: { kind: "gauge", section: "parts", labels: ["severity"], help: "Alerts that are not over." },
  tidewire_store_up: {
    kind: "gauge",
    section: "parts",
    labels: ["kind"],
    help: "1 while the store takes events as they come."
  },
  tidewire_store_taken_total: {
    kind: "counter",
    section: "parts",
    labels: ["kind"],
    help: "Events that the store took."
  },
  tidewire_store_stored_total: {
    kind: "counter",
    section: "parts",
    labels: ["kind"],
    help: "Events that are durable."
  },
  tidewire_store_dropped_total: {
    kind: "counter",
    section: "parts",
    labels: ["kind"],
    help: "Events that the store had no room for."
  },
  tidewire_store_waiting: { kind: "gauge", section: "parts", labels: ["kind"], help: "Events that wait to be stored." },
  tidewire_store_spilled: {
    kind: "gauge",
    section: "parts",
    labels: ["kind"],
    help: "Events on the disk until the database takes them."
  },
  tidewire_store_bytes: { kind: "gauge", section: "parts", labels: ["kind"], help: "What the store holds." },
  tidewire_otlp_exports_total: {
    kind: "counter",
    section: "parts",
    labels: ["outcome"],
    help: "Requests to the OTLP collector, by whether it took them."
  }
} as const satisfies Readonly<Record<string, Definition>>

export type Name = keyof typeof catalogue

type Of<D> = D extends { readonly labels: ReadonlyArray<infer L extends string> } ? L : never
type OptionalOf<D> = D extends { readonly optional: ReadonlyArray<infer L extends string> } ? L : never

/** What a series of a metric is named by; an optional label is absent where series are summed. */
export type Labels<N extends Name> = Readonly<Record<Of<(typeof catalogue)[N]>, string>> &
  Readonly<Partial<Record<OptionalOf<(typeof catalogue)[N]>, string | undefined>>>

export type Named<K extends Definition["kind"]> = {
  [N in Name]: (typeof catalogue)[N]["kind"] extends K ? N : never
}[Name]
