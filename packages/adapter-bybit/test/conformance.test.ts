import { suite } from "@tidewire/conformance"
import { subject } from "./support/certified.ts"

suite("bybit", subject("bybit", "bybit-spot", ["BTCUSDT", "ETHUSDT"]))
suite("bybit-linear", subject("bybit-linear", "bybit-linear", ["BTCUSDT", "ETHUSDT"]))
suite("bybit-inverse", subject("bybit-inverse", "bybit-inverse", ["BTCUSD", "ETHUSD"]))
