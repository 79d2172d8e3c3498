/** With a bus that nobody listens to. */
import { operated } from "./operated.ts"

await operated({ hasMetrics: false, keepsRecent: false })
