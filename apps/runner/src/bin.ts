#!/usr/bin/env node
/** The `tidewire` command. */
import { main } from "./cli.ts"

main(process.argv.slice(2))
