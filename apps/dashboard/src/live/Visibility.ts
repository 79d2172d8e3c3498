/** Whether anybody can see the page. While nobody can, nothing is asked for and no socket is open. */
import { Cell } from "./Cell.ts"

export const visible = new Cell<boolean>(!document.hidden)

document.addEventListener("visibilitychange", () => visible.set(!document.hidden))
