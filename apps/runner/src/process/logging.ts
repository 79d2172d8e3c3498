/**
 * Logs go to standard error: readable lines on a terminal, one JSON object a line otherwise. While a table is on the
 * terminal, lines are handed to it instead, so that they do not tear it.
 */
import * as Formatter from "effect/Formatter"
import * as Layer from "effect/Layer"
import * as Logger from "effect/Logger"

type Sink = (line: string) => void

const toStandardError: Sink = (line) => {
  process.stderr.write(`${line}\n`)
}

let sink = toStandardError

/** Hands log lines to somebody else until the returned function is called. */
export const redirect = (to: Sink): (() => void) => {
  sink = to
  return () => {
    sink = toStandardError
  }
}

/** `12:34:56.789 WARN message key=value` */
const readable = Logger.map(Logger.formatStructured, ({ annotations, cause, level, message, timestamp }) => {
  const values = Object.entries(annotations).map(([key, value]) => `${key}=${text(value)}`)
  const head = [timestamp.slice(11, 23), level.padEnd(5), text(message), ...values].join(" ")
  return cause === undefined ? head : `${head}\n${cause}`
})

const text = (value: unknown): string =>
  Array.isArray(value) ? value.map(text).join(" ") : typeof value === "string" ? value : Formatter.formatJson(value)

const logger = Logger.map(process.stderr.isTTY ? readable : Logger.formatJson, (line) => sink(line))

/** Writes a record, whatever logger is asked. */
export const write = (record: Logger.Options<unknown>): void => logger.log(record)

export const layer: Layer.Layer<never> = Logger.layer([logger])
