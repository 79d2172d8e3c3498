/** Dark, light, or as the reader's system has it; what was chosen is kept in this browser. */
import { Cell } from "./live/Cell.ts"

const KEY = "tidewire.theme"

export const themes = ["system", "light", "dark"] as const
export type Theme = (typeof themes)[number]

const kept = themes.find((theme) => theme === localStorage.getItem(KEY))

export const theme = new Cell<Theme>(kept ?? "system")

/** Changes whenever colours do, for what is drawn and not styled. */
export const shade = new Cell({})

const apply = (): void => {
  const chosen = theme.get()
  if (chosen === "system") delete document.documentElement.dataset["theme"]
  else document.documentElement.dataset["theme"] = chosen
  shade.set({})
}

apply()
theme.listen(apply)
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => shade.set({}))

export const choose = (chosen: Theme): void => {
  localStorage.setItem(KEY, chosen)
  theme.set(chosen)
}
