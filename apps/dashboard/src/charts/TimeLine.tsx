/**
 * What happened when, in a lane for each thing: spans of states, and marks. A table beside it has the same in words.
 */
import type { Tone } from "../parts/Tone.ts"
import * as Time from "../format/time.ts"

export interface Span {
  readonly from: number
  readonly to: number
  readonly tone: Tone
  readonly title: string
}

export interface Mark {
  readonly time: number
  readonly tone: Tone
  readonly title: string
}

export interface Lane {
  readonly name: string
  readonly spans?: ReadonlyArray<Span>
  readonly marks?: ReadonlyArray<Mark>
}

interface Properties {
  readonly lanes: ReadonlyArray<Lane>
  readonly from: number
  readonly to: number
  readonly text: string
}

const TICKS = 4

/** Of the width, %. */
const LEAST_WIDTH = 0.3

export const TimeLine = ({ from, lanes, text, to }: Properties) => {
  const at = (time: number) => Math.max(0, Math.min(100, ((time - from) / Math.max(1, to - from)) * 100))
  return (
    <figure class="timeline" role="img" aria-label={text}>
      {lanes.map(({ marks = [], name, spans = [] }) => (
        <div class="lane" key={name}>
          <span class="name" title={name}>
            {name}
          </span>
          <span class="track">
            {spans.map((span) => (
              <i
                key={span.from}
                class={`span ${span.tone}`}
                title={span.title}
                style={{ left: `${at(span.from)}%`, width: `${Math.max(LEAST_WIDTH, at(span.to) - at(span.from))}%` }}
              />
            ))}
            {marks.map((mark, index) => (
              <i key={index} class={`mark ${mark.tone}`} title={mark.title} style={{ left: `${at(mark.time)}%` }} />
            ))}
          </span>
        </div>
      ))}
      <div class="lane axis">
        <span class="name" />
        <span class="track">
          {Array.from({ length: TICKS + 1 }, (_, index) => (
            <time key={index}>{Time.clock(from + ((to - from) * index) / TICKS)}</time>
          ))}
        </span>
      </div>
    </figure>
  )
}
