import { suite } from "@tidewire/conformance"
import { subject } from "./support/certified.ts"

suite("binance", subject("binance", "spot"))
suite("binance-usdm", subject("binance-usdm", "usdm"))
