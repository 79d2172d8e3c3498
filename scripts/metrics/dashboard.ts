/**
 * The dashboard for Grafana, deploy/grafana/tidewire.json: rows of panels that stand beside one another, three or four to a
 * line. As a program it writes the file: `node scripts/metrics/dashboard.ts`.
 */
import { writeFileSync } from "node:fs"
import { type Panel, rows } from "./panels.ts"

export const file = new URL("../../deploy/grafana/tidewire.json", import.meta.url)

/** Grafana's grid has so many columns. */
const COLUMNS = 24
const HEIGHTS = { stat: 4, timeseries: 8 } as const

const datasource = { type: "prometheus", uid: "${datasource}" }

const targetsOf = ({ targets }: Panel) =>
  targets.map(([expr, legendFormat], index) => ({
    refId: String.fromCharCode("A".charCodeAt(0) + index),
    datasource,
    expr,
    legendFormat,
    range: true
  }))

const looksOf = ({ bad, isSigned, kind, stacked, unit }: Panel) => ({
  fieldConfig: {
    defaults: {
      unit,
      ...(isSigned !== true && { min: 0 }),
      ...(kind === "timeseries" && {
        custom: {
          drawStyle: "line",
          lineWidth: 1,
          fillOpacity: stacked === true ? 30 : 0,
          showPoints: "never",
          stacking: { mode: stacked === true ? "normal" : "none" }
        }
      }),
      ...(bad !== undefined && {
        color: { mode: "thresholds" },
        thresholds: {
          mode: "absolute",
          steps:
            bad === "above 0"
              ? [
                  { color: "green", value: null },
                  { color: "red", value: 0.000_001 }
                ]
              : [
                  { color: "red", value: null },
                  { color: "green", value: 1 }
                ]
        }
      })
    },
    overrides: []
  },
  options:
    kind === "stat"
      ? { colorMode: "value", graphMode: "area", reduceOptions: { calcs: ["lastNotNull"], fields: "", values: false } }
      : {
          legend: { displayMode: "list", placement: "bottom", showLegend: true },
          tooltip: { mode: "multi", sort: "desc" }
        }
})

const panels = () => {
  let y = 0
  let id = 0
  return rows.flatMap(({ panels: all, title }) => {
    const row = {
      id: ++id,
      type: "row",
      title,
      collapsed: false,
      panels: [],
      gridPos: { x: 0, y: y++, w: COLUMNS, h: 1 }
    }
    let x = 0
    let height = 0
    const placed = all.map((panel) => {
      const width = COLUMNS / panel.perLine
      if (x + width > COLUMNS) {
        y += height
        x = height = 0
      }
      const gridPos = { x, y, w: width, h: HEIGHTS[panel.kind] }
      x += width
      height = Math.max(height, gridPos.h)
      const { description, kind: type, title: name } = panel
      return {
        id: ++id,
        type,
        title: name,
        description,
        datasource,
        gridPos,
        targets: targetsOf(panel),
        ...looksOf(panel)
      }
    })
    y += height
    return [row, ...placed]
  })
}

const variables = [
  { name: "datasource", label: "source", type: "datasource", query: "prometheus", hide: 0, current: {} },
  {
    name: "venue",
    label: "venue",
    type: "query",
    datasource,
    query: { query: "label_values(tidewire_venue_up, venue)", refId: "venue" },
    refresh: 2,
    includeAll: true,
    multi: true,
    allValue: ".*",
    current: { selected: true, text: ["All"], value: ["$__all"] },
    hide: 0,
    sort: 1
  }
]

/** The file as it should stand. */
export const text = (): string =>
  `${JSON.stringify(
    {
      uid: "tidewire",
      title: "Tidewire",
      description: "A session of Tidewire: what its connections, streams, queues and engine do.",
      tags: ["tidewire"],
      schemaVersion: 39,
      editable: true,
      refresh: "10s",
      time: { from: "now-30m", to: "now" },
      timezone: "browser",
      graphTooltip: 1,
      templating: { list: variables },
      annotations: { list: [] },
      panels: panels()
    },
    undefined,
    2
  )}\n`

if (import.meta.main) writeFileSync(file, text())
