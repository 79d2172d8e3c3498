/** What was found, as text for people or as JSON for programs. */
import { given } from "../configuration/Problem.ts"
import type { Finding, Level } from "./Finding.ts"

const levels: ReadonlyArray<Level> = ["ok", "warning", "problem", "unknown"]

export const counts = (findings: ReadonlyArray<Finding>): Readonly<Record<Level, number>> => {
  const of = (level: Level) => findings.filter((each) => each.level === level).length
  return { ok: of("ok"), warning: of("warning"), problem: of("problem"), unknown: of("unknown") }
}

export const json = (findings: ReadonlyArray<Finding>): string =>
  JSON.stringify({ isWell: counts(findings).problem === 0, counts: counts(findings), findings }, undefined, 2)

const LEVEL_WIDTH = Math.max(...levels.map((level) => level.length))

/** By subject, in the order that they were asked. */
export const text = (findings: ReadonlyArray<Finding>): string => {
  const width = Math.max(...findings.map(({ check }) => check.length))
  const indent = " ".repeat(2 + LEVEL_WIDTH + 2 + width + 2)
  const line = ({ advice, check, found, level }: Finding): ReadonlyArray<string> => [
    `  ${level.padEnd(LEVEL_WIDTH)}  ${check.padEnd(width)}  ${found}`,
    ...(advice === undefined ? [] : [`${indent}-> ${advice}`])
  ]
  const sections = [...Map.groupBy(findings, ({ subject }) => subject)].map(([subject, each]) =>
    [subject, ...each.flatMap(line)].join("\n")
  )
  return [...sections, sum(findings)].join("\n\n")
}

export const sum = (findings: ReadonlyArray<Finding>): string => {
  const { ok, problem, unknown, warning } = counts(findings)
  const of = (count: number, word: string) => `${count} ${word}${count === 1 ? "" : "s"}`
  return `${ok} ok, ${of(warning, "warning")}, ${of(problem, "problem")}, ${unknown} unknown`
}

/** A text of somebody else on one line, and not too much of it. */
export const oneLine = (message: string): string => given(message.replaceAll(/\s+/g, " ")).slice(1, -1)
