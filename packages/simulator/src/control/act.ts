/** Carries out one step of a scenario; answers the connections that a fault met. */
import type { Action } from "../scenario/Step.ts"
import type { Control } from "./Control.ts"

export const act = (control: Control, action: Action): ReadonlyArray<number> => {
  switch (action.type) {
    case "fault":
      return control.inject(action.fault).connections
    case "rates": {
      const { rates, type: _, ...filter } = action
      control.setRates(rates, filter)
      return []
    }
    case "list":
      control.list(action.market, action.symbol)
      return []
    case "delist":
      control.delist(action.market, action.symbol, { gone: action.gone === true })
      return []
    case "trade":
      control.trade(action.market, action.symbol, action.side, action.size)
      return []
    case "liquidate":
      control.liquidate(action.symbol, action.side, action.size, action.market)
      return []
    case "clear":
      control.clear()
      return []
  }
}
