/**
 * The object around the data of a frame, which names what the data is: `{"stream":"…","data":{…}}`,
 * `{"topic":"…","ts":…,"data":[…]}`.
 *
 * Guarantees: the data is read once, by the scan of its name, also where it comes before its name; what is given back was
 * read whole, from the first byte of the frame to the last. Nothing is told here, so whoever gets `undefined` may read
 * the frame another way. Names are remembered, at most `MOST_NAMES`.
 */
import type { Read } from "./Shape.ts"
import * as Shape from "./Shape.ts"
import { type Literal, literal } from "./Literal.ts"
import { noName, Scanner } from "./Scanner.ts"

const MOST_NAMES = 4_096

/** How the data of a name is read. */
export interface Scan {
  readonly data: Read
}

export interface EnvelopeOptions<S extends Scan, Also extends string> {
  /** The key of the name. */
  readonly name: string
  /** The key of the data. */
  readonly data: string
  /** What else is wanted of the envelope. */
  readonly also: Readonly<Record<Also, Shape.Wanted>>
  /** The scan of a name; `undefined` for what is read another way. */
  readonly scanOf: (name: string) => S | undefined
}

export class Envelope<S extends Scan, Also extends string> {
  /** The fields of the envelope that was read last. */
  readonly fields: Shape.Shape<Also>
  readonly #scanner = new Scanner()
  readonly #scans = new Map<string, S | undefined>()
  readonly #scanOf: (name: string) => S | undefined
  readonly #name: number
  /** Nothing else is wanted, so that most frames are a pair. */
  readonly #isPair: boolean
  readonly #opening: Literal
  readonly #between: Literal
  #pairName = noName
  /** The name that was asked for last: it is often the next one too. */
  #lastName = ""
  #last: S | undefined
  #found: S | undefined
  /** Where the data is that came before its name; -1 when it did not. */
  #waiting = -1

  constructor({ also, data, name, scanOf }: EnvelopeOptions<S, Also>) {
    const fields = { ...also, [name]: Shape.name, [data]: Shape.nested((scanner) => this.#data(scanner)) }
    const shape = Shape.make<string>(fields)
    this.fields = shape
    this.#name = shape.at[name]!
    this.#isPair = Object.keys(also).length === 0
    this.#opening = literal(`{${JSON.stringify(name)}:`)
    this.#between = literal(`,${JSON.stringify(data)}:`)
    this.#scanOf = scanOf
  }

  /** The scan that has read the data of a frame; `undefined` when it is to be read another way. */
  read(bytes: Uint8Array): S | undefined {
    return this.#isPair && this.#pair(bytes) ? this.#found : this.#any(bytes)
  }

  /** A name and its data, in this order, and nothing else. */
  #pair(bytes: Uint8Array): boolean {
    const scanner = this.#scanner
    scanner.begin(bytes)
    if (!scanner.takes(this.#opening)) return false
    this.#pairName = scanner.name(this.#pairName)
    if (!scanner.takes(this.#between)) return false
    this.fields.texts[this.#name] = this.#pairName.text
    return this.#byName(scanner) && !scanner.more() && scanner.isPlain && scanner.isAtEnd()
  }

  #any(bytes: Uint8Array): S | undefined {
    const scanner = this.#scanner
    this.#found = undefined
    this.#waiting = -1
    scanner.begin(bytes)
    if (!this.fields.read(scanner) || !scanner.isAtEnd()) return undefined
    if (this.#waiting !== -1) {
      scanner.goTo(this.#waiting)
      if (!this.#byName(scanner)) return undefined
    }
    return this.#found
  }

  /** The name of the frame that was read last. */
  get name(): string {
    return this.fields.texts[this.#name]!
  }

  /** The scan of a name, as `scanOf` gives it. */
  scanOf(name: string): S | undefined {
    if (name === this.#lastName) return this.#last
    let scan = this.#scans.get(name)
    if (scan === undefined && !this.#scans.has(name)) {
      scan = this.#scanOf(name)
      if (this.#scans.size >= MOST_NAMES) this.#scans.clear()
      this.#scans.set(name, scan)
    }
    this.#lastName = name
    this.#last = scan
    return scan
  }

  #data(scanner: Scanner): boolean {
    if (this.fields.has(this.#name)) return this.#byName(scanner)
    this.#waiting = scanner.place()
    scanner.skip()
    return scanner.isPlain
  }

  #byName(scanner: Scanner): boolean {
    this.#found = this.scanOf(this.name)
    return this.#found !== undefined && this.#found.data(scanner) && scanner.isPlain
  }
}
