/**
 * What the parser of the command line prints: help and version that were asked for are data and go to standard output,
 * what was wrong goes to standard error with a word on where help is.
 */
import * as CliOutput from "effect/cli/CliOutput"
import * as Effect from "effect/Effect"
import type * as Layer from "effect/Layer"
import * as Standard from "../output/standard.ts"

const toStandardError = (text: string) =>
  Effect.sync(() => {
    process.stderr.write(`${text}\n`)
  })

export const layer: Layer.Layer<never> = CliOutput.layerPresenter({
  present: (event) => {
    const isTerminal = event._tag === "InvalidInvocation" ? process.stderr.isTTY : process.stdout.isTTY
    const formatter = CliOutput.defaultFormatter({ colors: isTerminal })
    switch (event._tag) {
      case "Help":
        return event.reason === "Requested"
          ? Standard.print(formatter.formatHelpDoc(event.helpDoc))
          : toStandardError(formatter.formatHelpDoc(event.helpDoc))
      case "Version":
        return Standard.print(event.version)
      case "InvalidInvocation":
        return toStandardError(
          `${formatter.formatErrors(event.errors)}\n\nSee \`${event.commandPath.join(" ")} --help\`.`
        )
    }
  }
})
