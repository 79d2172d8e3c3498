/** What the dashboard for Grafana shows, in rows; each panel is a question that an operator has. */

export interface Panel {
  readonly kind: "stat" | "timeseries"
  readonly title: string
  readonly description: string
  /** In Grafana's spelling. */
  readonly unit: string
  /** How many of its width fill a line. */
  readonly perLine: 2 | 3 | 4 | 6
  /** Queries, and what their series are called. */
  readonly targets: ReadonlyArray<readonly [query: string, legend: string]>
  readonly stacked?: boolean
  /** May be below 0. */
  readonly isSigned?: boolean
  readonly bad?: "above 0" | "below 1"
}

export interface Row {
  readonly title: string
  readonly panels: ReadonlyArray<Panel>
}

/** Those of the venues that are chosen. */
const V = `venue=~"$venue"`

const rate = (name: string, labels = V): string => `rate(${name}{${labels}}[$__rate_interval])`

const stat = (
  title: string,
  unit: string,
  query: string,
  description: string,
  more: Pick<Panel, "bad" | "isSigned"> = {}
): Panel => ({ kind: "stat", title, unit, description, perLine: 6, targets: [[query, ""]], ...more })

const lines = (
  title: string,
  unit: string,
  targets: Panel["targets"],
  description: string,
  more: Partial<Pick<Panel, "perLine" | "stacked" | "isSigned">> = {}
): Panel => ({ kind: "timeseries", title, unit, description, targets, perLine: 3, ...more })

const quantile = (share: string, hop: string): string =>
  `histogram_quantile(${share}, sum by (le, venue) (${rate("tidewire_latency_seconds_bucket", `${V}, hop="${hop}"`)}))`

const hop = (name: string, description: string): Panel =>
  lines(
    name,
    "s",
    [
      [quantile("0.5", name), "{{venue}} p50"],
      [quantile("0.99", name), "{{venue}} p99"]
    ],
    description
  )

export const rows: ReadonlyArray<Row> = [
  {
    title: "Overview",
    panels: [
      stat("Running", "short", "min(tidewire_running)", "1 from the first connection that was Active until the stop.", {
        bad: "below 1"
      }),
      stat("Up for", "s", "max(tidewire_uptime_seconds)", "How long the session has run."),
      stat(
        "Venues not open",
        "short",
        `count(tidewire_venue_up{${V}} == 0) or vector(0)`,
        "Venues that could not be opened.",
        { bad: "above 0" }
      ),
      stat(
        "Connections not Active",
        "short",
        `sum(tidewire_connections{${V}, state!="Active"})`,
        "Connections in any other state.",
        { bad: "above 0" }
      ),
      stat(
        "Books not live",
        "short",
        `sum(tidewire_books{${V}, state!="live"})`,
        "Order books that may not be relied on now.",
        { bad: "above 0" }
      ),
      stat(
        "Unrepaired gaps, 1 h",
        "short",
        `sum(increase(tidewire_gaps_total{${V}, repaired="false"}[1h]))`,
        "Holes of the last hour that were not repaired.",
        { bad: "above 0" }
      ),
      lines("Events", "ops", [[rate("tidewire_queue_delivered_total"), "{{venue}}"]], "Events delivered a second.", {
        perLine: 2
      }),
      lines("Frames", "ops", [[rate("tidewire_frames_total"), "{{venue}}"]], "Messages read from sockets a second.", {
        perLine: 2
      })
    ]
  },
  {
    title: "Connections",
    panels: [
      lines(
        "States",
        "short",
        [[`sum by (state) (tidewire_connections{${V}})`, "{{state}}"]],
        "Connections by their state.",
        { stacked: true }
      ),
      lines(
        "Reconnects and rotations",
        "ops",
        [
          [rate("tidewire_reconnects_total"), "{{venue}} reconnects"],
          [rate("tidewire_rotations_total"), "{{venue}} rotations"]
        ],
        "Sessions begun after a loss, and those that took another's place without a break."
      ),
      lines(
        "Attempts",
        "short",
        [[`max by (venue, connection) (tidewire_connection_attempts{${V}}) > 1`, "{{venue}}/{{connection}}"]],
        "Connections that are tried again and again."
      ),
      lines(
        "Pings",
        "s",
        [[`max by (venue) (tidewire_connection_ping_seconds{${V}})`, "{{venue}}"]],
        "The slowest answer to a ping."
      ),
      lines(
        "Not Active",
        "short",
        [[`tidewire_connection_up{${V}} == 0`, "{{venue}}/{{connection}}"]],
        "Which connections are not."
      ),
      lines(
        "Time in this state",
        "s",
        [[`min by (venue) (tidewire_connection_state_seconds{${V}})`, "{{venue}}"]],
        "How long ago the last connection moved."
      )
    ]
  },
  {
    title: "Streams",
    panels: [
      lines(
        "Events by channel",
        "ops",
        [[`sum by (venue, channel) (${rate("tidewire_stream_delivered_total")})`, "{{venue}} {{channel}}"]],
        "Events of markets delivered a second."
      ),
      lines(
        "Age",
        "s",
        [[`max by (venue, channel) (tidewire_stream_age_seconds{${V}})`, "{{venue}} {{channel}}"]],
        "The stream that has been silent longest, of each channel."
      ),
      lines(
        "States of streams",
        "short",
        [[`sum by (state) (tidewire_streams{${V}})`, "{{state}}"]],
        "Subscribed streams by their state.",
        { stacked: true }
      ),
      lines("Books", "short", [[`sum by (state) (tidewire_books{${V}})`, "{{state}}"]], "Order books by their state.", {
        stacked: true
      }),
      lines(
        "Age of books",
        "s",
        [[`max by (venue) (tidewire_book_age_seconds{${V}})`, "{{venue}}"]],
        "The book that has not changed for longest."
      ),
      lines(
        "What could not be used",
        "ops",
        [
          [rate("tidewire_malformed_frames_total"), "{{venue}} malformed"],
          [rate("tidewire_unknown_frames_total"), "{{venue}} unknown"],
          [rate("tidewire_fallback_frames_total"), "{{venue}} the slow way"],
          [rate("tidewire_duplicates_total"), "{{venue}} duplicates"]
        ],
        "Frames that were not as they should be, and events that came again."
      )
    ]
  },
  {
    title: "Queues",
    panels: [
      lines(
        "Waiting",
        "short",
        [[`tidewire_queue_waiting{${V}}`, "{{venue}}"]],
        "Events that wait: the consumer does not keep up."
      ),
      lines(
        "Dropped",
        "ops",
        [[`sum by (venue, channel) (${rate("tidewire_stream_dropped_total")})`, "{{venue}} {{channel}}"]],
        "Events that gave way because a queue was full."
      ),
      lines(
        "Conflated",
        "ops",
        [[`sum by (venue, channel) (${rate("tidewire_stream_conflated_total")})`, "{{venue}} {{channel}}"]],
        "Events that were merged into later ones."
      )
    ]
  },
  {
    title: "Latency by hop",
    panels: [
      hop("venue-socket", "From the venue's stamp until the frame is received; clocks differ."),
      hop("socket-decoded", "From the frame until its event leaves the decoder."),
      hop("decoded-handler", "From there until the handler is called."),
      hop("socket-handler", "From the frame until the handler is called."),
      hop("handler-order", "From there until an order that it caused is sent."),
      hop("order-acknowledged", "From there until the venue's first answer.")
    ]
  },
  {
    title: "Gaps and repairs",
    panels: [
      lines(
        "Gaps",
        "short",
        [
          [
            `sum by (reason, repaired) (increase(tidewire_gaps_total{${V}}[$__rate_interval]))`,
            "{{reason}}, repaired: {{repaired}}"
          ]
        ],
        "Holes that were told, by why."
      ),
      lines(
        "Lost",
        "short",
        [
          [
            `sum by (venue, reason) (increase(tidewire_lost_events_total{${V}}[$__rate_interval]))`,
            "{{venue}} {{reason}}"
          ]
        ],
        "Events known to be missing."
      ),
      lines(
        "Books built anew",
        "short",
        [
          [`increase(tidewire_resyncs_total{${V}}[$__rate_interval])`, "{{venue}}"],
          [`increase(tidewire_book_drifts_total{${V}}[$__rate_interval])`, "{{venue}} differed"]
        ],
        "Order books that were built anew, and those that differed from the venue's."
      )
    ]
  },
  {
    title: "Budgets",
    panels: [
      lines(
        "Requests",
        "percentunit",
        [["tidewire_rest_budget_used / tidewire_rest_budget_limit", "{{host}}"]],
        "Weight used, of what may be used in a window.",
        { perLine: 4 }
      ),
      lines(
        "Dials",
        "percentunit",
        [["tidewire_dial_budget_used / tidewire_dial_budget_limit", "{{host}}"]],
        "Attempts that count, of what the venue allows.",
        { perLine: 4 }
      ),
      lines(
        "In line",
        "short",
        [
          ["tidewire_rest_budget_waiting", "{{host}} requests"],
          ["tidewire_dial_budget_waiting", "{{host}} dials"]
        ],
        "What waits for its turn.",
        { perLine: 4 }
      ),
      lines(
        "Left alone for",
        "s",
        [
          ["tidewire_rest_budget_resting_seconds", "{{host}} requests"],
          ["tidewire_dial_budget_resting_seconds", "{{host}} dials"]
        ],
        "Hosts that asked to be left alone.",
        { perLine: 4 }
      )
    ]
  },
  {
    title: "The process",
    panels: [
      lines(
        "Processor",
        "percentunit",
        [["rate(tidewire_cpu_seconds_total[$__rate_interval])", "{{mode}}"]],
        "Of one processor.",
        { perLine: 4, stacked: true }
      ),
      lines(
        "Memory",
        "bytes",
        [
          ["tidewire_resident_memory_bytes", "resident"],
          ["tidewire_heap_size_bytes", "heap"],
          ["tidewire_heap_used_bytes", "heap, used"],
          ["tidewire_external_memory_bytes", "outside of the heap"]
        ],
        "Memory of the process.",
        { perLine: 4 }
      ),
      lines(
        "Event loop",
        "s",
        [["tidewire_event_loop_delay_seconds", "{{quantile}}"]],
        "How much later than due it came round, over ten seconds.",
        { perLine: 4 }
      ),
      lines(
        "Pauses of garbage collection",
        "s",
        [
          ["rate(tidewire_gc_pause_seconds_sum[$__rate_interval])", "{{kind}}, of each second"],
          [
            "histogram_quantile(0.99, sum by (le, kind) (rate(tidewire_gc_pause_seconds_bucket[$__rate_interval])))",
            "{{kind}} p99"
          ]
        ],
        "How much of each second they take, and how long the long ones are.",
        { perLine: 4 }
      )
    ]
  },
  {
    title: "The engine",
    panels: [
      stat("Halted", "short", "max(tidewire_halted)", "1 while trading is halted.", { bad: "above 0" }),
      stat("Won or lost today", "short", "sum by (currency) (tidewire_daily_pnl)", "Since midnight (UTC).", {
        isSigned: true
      }),
      stat("Open orders", "short", `sum(tidewire_open_orders{${V}})`, "Orders that have not ended."),
      stat("Open positions", "short", `sum(tidewire_open_positions{${V}})`, "Positions that are not flat."),
      stat(
        "Accounts closed",
        "short",
        `count(tidewire_account_open{${V}} == 0) or vector(0)`,
        "Accounts that may not be traded on now.",
        { bad: "above 0" }
      ),
      stat(
        "Strategies failed",
        "short",
        `sum(tidewire_strategies{state="failed"})`,
        "Strategies that threw and were stopped.",
        { bad: "above 0" }
      ),
      lines(
        "Orders",
        "ops",
        [
          [rate("tidewire_orders_sent_total"), "{{venue}} sent"],
          [`sum by (status) (${rate("tidewire_orders_ended_total")})`, "{{status}}"],
          [rate("tidewire_fills_total"), "{{venue}} fills"]
        ],
        "Orders sent and how they ended, and executions."
      ),
      lines(
        "Refused",
        "ops",
        [["sum by (reason) (rate(tidewire_order_refusals_total[$__rate_interval])) > 0", "{{reason}}"]],
        "Requests of strategies that were not sent, by why."
      ),
      lines("Won or lost", "short", [[`tidewire_pnl{part="net"}`, "{{asset}}"]], "Net, by asset.", { isSigned: true }),
      lines(
        "Strategies",
        "ops",
        [["rate(tidewire_strategy_events_total[$__rate_interval])", "{{strategy}}"]],
        "Calls of their handlers."
      ),
      lines(
        "Journal",
        "ops",
        [["rate(tidewire_journal_writes_total[$__rate_interval])", "writes"]],
        "Changes of the journal."
      ),
      lines(
        "Notices",
        "short",
        [["increase(tidewire_engine_notices_total[$__rate_interval])", "{{notice}}"]],
        "What the engine had to say, by its kind."
      )
    ]
  }
]
