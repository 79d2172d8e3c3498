/** The suite that every adapter passes, one test a card; which cards apply is read from the capabilities. */
import { moduleSubject, suite } from "@tidewire/conformance"
import { adapter } from "../src/index.ts"
import { serve } from "./support/exchange.ts"

suite("newvenue", moduleSubject(adapter, "newvenue", { serve, options: {} }))
