/** The page: one component tree, drawn once there is a document. */
import { render } from "preact"
import { App } from "./App.tsx"

const place = document.getElementById("app")
if (place !== null) render(<App />, place)
