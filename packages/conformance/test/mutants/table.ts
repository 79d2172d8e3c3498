/** For every card venues that are broken in what it is about, and what it must find them to be. */
import type { Subject } from "../../src/index.ts"
import { accounts } from "./accounts.ts"
import { books } from "./books.ts"
import { execution } from "./execution.ts"
import { lifecycle } from "./lifecycle.ts"
import { market } from "./market.ts"
import { resilience } from "./resilience.ts"

/** What is broken, the venue, and a part of what the card says of it. */
export type Mutant = readonly [broken: string, subject: Subject, says: string]

export type Mutants = Readonly<Record<string, ReadonlyArray<Mutant>>>

export const mutants: Mutants = { ...lifecycle, ...market, ...books, ...resilience, ...execution, ...accounts }
