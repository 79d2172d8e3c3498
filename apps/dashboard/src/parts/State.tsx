/** A state: a shape and a word, coloured. The shape tells tones apart where colours do not. */
import type { ComponentChildren } from "preact"
import type { Tone } from "./Tone.ts"

const shapes: Readonly<Record<Tone, ComponentChildren>> = {
  ok: (
    <>
      <circle cx="8" cy="8" r="7" class="fill" />
      <path d="M4.8 8.3 7 10.5 11.3 5.8" class="cut" />
    </>
  ),
  busy: (
    <>
      <circle cx="8" cy="8" r="6" class="stroke" />
      <path d="M8 2a6 6 0 0 1 0 12z" class="fill" />
    </>
  ),
  warn: (
    <>
      <path d="M8 1 15.4 14.4H.6z" class="fill" />
      <path d="M8 6v4M8 11.8v1" class="cut" />
    </>
  ),
  bad: (
    <>
      <path d="M5 1h6l4 4v6l-4 4H5l-4-4V5z" class="fill" />
      <path d="m5.5 5.5 5 5m0-5-5 5" class="cut" />
    </>
  ),
  idle: <circle cx="8" cy="8" r="6" class="stroke" />
}

export const Shape = ({ tone }: { readonly tone: Tone }) => (
  <svg class="shape" viewBox="0 0 16 16" aria-hidden="true">
    {shapes[tone]}
  </svg>
)

export const State = ({ children, tone }: { readonly tone: Tone; readonly children: ComponentChildren }) => (
  <span class={`state ${tone}`}>
    <Shape tone={tone} />
    <span>{children}</span>
  </span>
)
