/**
 * An object of a frame as a table of the fields that are wanted of it, which is at the same time its reader: it takes them
 * from the bytes, in whatever order they come and with whatever is between them, into slots that are used again.
 *
 * Guarantees: when `read` is true, every field that is needed was there once and had such a value, and all else was
 * JSON; a key twice, a key with escapes and a value of any other kind are false. Slots hold what was read last, until
 * `read` is called again. The table learns in which order keys come: the one that came after the last is tried first.
 */
import { isExact } from "./Decimal.ts"
import type { Level } from "./Event.ts"
import type { Exact } from "./Exact.ts"
import { notNegative } from "./Field.ts"
import { Literal, literal } from "./Literal.ts"
import { type Name, noName, type Scanner } from "./Scanner.ts"
import type { DecodeSink } from "./SocketVenue.ts"

/** Reads the value at the cursor; false where it is not as it should be. */
export type Read = (scanner: Scanner) => boolean

/** The kinds of values. */
const IGNORED = 0
const NAME = 1
const TEXT = 2
const INTEGER = 3
const BOOLEAN = 4
const DECIMAL = 5
const POSITIVE = 6
const AMOUNT = 7
const RATE = 8
const TIME_TEXT = 9
const CHOICE = 10
const EXACTLY = 11
const BIDS = 12
const ASKS = 13
const NESTED = 14
const LONG_DECIMAL = 15
const LONG_AMOUNT = 16

/** What a field must be. */
export interface Wanted {
  readonly kind: number
  readonly isOptional: boolean
  readonly options: ReadonlyArray<Literal>
  readonly value: number
  readonly read: Read
}

const wanted = (kind: number, more: Partial<Wanted> = {}): Wanted => ({
  kind,
  isOptional: false,
  options: [],
  value: 0,
  read: () => false,
  ...more
})

/** A text that comes again and again, not empty: in `texts`. */
export const name = wanted(NAME)
/** A text that comes once, not empty: in `texts`. */
export const text = wanted(TEXT)
/** An integer from 0 to 2^53 - 1: in `numbers`, as is all that follows. */
export const integer = wanted(INTEGER)
/** 1 or 0. */
export const boolean = wanted(BOOLEAN)
/** A decimal text of 0 or more. */
export const decimal = wanted(DECIMAL)
/** A decimal text above 0. */
export const positive = wanted(POSITIVE)
/** A decimal text of 0 or more; `NaN` for `""`. */
export const amount = wanted(AMOUNT)
/** As `decimal` and `amount`, and of any number of digits: what a float64 does not hold is in `texts` too, see `exact`. */
export const longDecimal = wanted(LONG_DECIMAL)
export const longAmount = wanted(LONG_AMOUNT)
/** A decimal text of any sign; `NaN` for `""`. */
export const rate = wanted(RATE)
/** The digits of a time; `NaN` for `""`. */
export const timeText = wanted(TIME_TEXT)
/** One of these texts: its index. */
export const choice = (...options: ReadonlyArray<string>): Wanted =>
  wanted(CHOICE, { options: options.map((option) => literal(JSON.stringify(option))) })
/** This number and no other. */
export const exactly = (value: number): Wanted => wanted(EXACTLY, { value })
/** The levels of a side: in `levels`. */
export const bids = wanted(BIDS)
export const asks = wanted(ASKS)
/** A value that something else reads. */
export const nested = (read: Read): Wanted => wanted(NESTED, { read })

/** As it is wanted, or absent: then `NaN`, and `has` is false. */
export const optional = (field: Wanted): Wanted => ({ ...field, isOptional: true })

/** A list of objects, at least one; `each` is called after every one. */
export const list =
  (shape: { readonly read: Read }, each: () => boolean): Read =>
  (scanner) => {
    if (!scanner.opens("[")) return false
    do {
      if (!shape.read(scanner) || !each()) return false
    } while (scanner.another())
    return scanner.isPlain
  }

/** Keys that nobody wants, which are remembered to be passed over quickly. */
const MOST_IGNORED = 32

/** The bits of the fields that were read are those of one small integer. */
const MOST_FIELDS = 30

/** In the place of one; it has the length of the shortest there is. */
const NO_KEY = literal('"\n":')

class Field {
  readonly key: Literal
  readonly wanted: Wanted
  readonly kind: number
  readonly slot: number
  readonly bit: number
  /** What came after it the last time. */
  next: Field = this
  last: Name = noName

  constructor(key: Literal, what: Wanted, slot: number) {
    this.key = key
    this.wanted = what
    this.kind = what.kind
    this.slot = slot
    this.bit = slot === -1 ? 0 : 1 << slot
  }
}

const ignored = wanted(IGNORED)

export class Shape<Keys extends string> {
  /** The slot of each field. */
  readonly at: { readonly [Key in Keys]: number }
  readonly numbers: Float64Array
  readonly texts: Array<string>
  readonly levels: Array<Array<Level>>
  readonly #fields: Array<Field>
  /** What comes before the first key, and a key that is not remembered. Neither is ever looked for. */
  readonly #start = new Field(NO_KEY, ignored, -1)
  readonly #unknown = new Field(NO_KEY, ignored, -1)
  readonly #needed: number
  #ignored = 0
  #seen = 0
  /** The fields of the last object that was read; -1 when it was not. */
  #settled = -1
  /** The fields whose texts a float64 does not hold. */
  #inexact = 0

  constructor(fields: Readonly<Record<Keys, Wanted>>) {
    const entries = Object.entries<Wanted>(fields)
    if (entries.length === 0 || entries.length > MOST_FIELDS) {
      throw new RangeError(`from 1 to ${MOST_FIELDS} fields, not ${entries.length}`)
    }
    this.#fields = entries.map(([key, what], slot) => new Field(literal(`${JSON.stringify(key)}:`), what, slot))
    for (const [index, field] of this.#fields.entries()) field.next = this.#fields[index + 1] ?? this.#fields[0]!
    this.#start.next = this.#fields[0]!
    this.#unknown.next = this.#fields[0]!
    this.#needed = bits(this.#fields.filter((field) => !field.wanted.isOptional))
    this.at = Object.fromEntries(entries.map(([key], slot) => [key, slot])) as { readonly [Key in Keys]: number }
    this.numbers = new Float64Array(entries.length)
    this.texts = entries.map(() => "")
    this.levels = entries.map(() => [])
  }

  /** True when a field was there, also while the object is still being read. */
  has(slot: number): boolean {
    return (this.#seen & (1 << slot)) !== 0
  }

  /** True when numbers say all of the object that was read last. */
  get isExact(): boolean {
    return this.#inexact === 0
  }

  /** The text of a field that a float64 does not hold; `undefined` where the number says it all. */
  inexact(slot: number): string | undefined {
    return (this.#inexact & (1 << slot)) === 0 ? undefined : this.texts[slot]
  }

  /** The texts that a float64 does not hold, under these names, each told to the sink; usually `undefined`. */
  exact(
    slots: ReadonlyArray<readonly [name: string, slot: number]>,
    sink: Pick<DecodeSink, "inexact">
  ): Exact | undefined {
    if (this.#inexact === 0) return undefined
    const exact: Record<string, string> = {}
    for (const [name, slot] of slots) {
      const text = this.inexact(slot)
      if (text === undefined) continue
      exact[name] = text
      sink.inexact()
    }
    return exact
  }

  readonly read: Read = (scanner) => {
    this.#seen = 0
    if (!scanner.opens("{")) return false
    const { numbers } = this
    const settled = this.#settled
    this.#settled = -1
    this.#inexact = 0
    let before = this.#start
    let seen = 0
    do {
      let field = before.next
      if (!scanner.takesKey(field.key)) {
        field = this.#find(scanner)
        if (field !== this.#unknown) before.next = field
      }
      const { bit, slot } = field
      // a key for the second time: JSON.parse would take the last
      if ((seen & bit) !== 0) return false
      switch (field.kind) {
        case NAME:
          field.last = scanner.name(field.last)
          this.texts[slot] = field.last.text
          if (field.last.text === "") return false
          break
        case TEXT:
          this.texts[slot] = scanner.text()
          if (this.texts[slot] === "") return false
          break
        case INTEGER:
          numbers[slot] = scanner.integer()
          break
        case BOOLEAN:
          numbers[slot] = scanner.boolean() ? 1 : 0
          break
        case DECIMAL:
          numbers[slot] = scanner.decimal()
          break
        case POSITIVE:
          numbers[slot] = scanner.decimal()
          if (numbers[slot] === 0) return false
          break
        case AMOUNT:
          numbers[slot] = scanner.empty() ? Number.NaN : scanner.decimal()
          break
        case RATE:
          numbers[slot] = scanner.empty() ? Number.NaN : scanner.signedDecimal()
          break
        case TIME_TEXT:
          numbers[slot] = scanner.empty() ? Number.NaN : scanner.timeText()
          break
        case CHOICE:
          numbers[slot] = scanner.choice(field.wanted.options)
          break
        case EXACTLY:
          if (scanner.integer() !== field.wanted.value) return false
          break
        case BIDS:
          this.levels[slot] = scanner.levels("bids")
          break
        case ASKS:
          this.levels[slot] = scanner.levels("asks")
          break
        case NESTED:
          if (!field.wanted.read(scanner)) return false
          break
        case LONG_DECIMAL:
          numbers[slot] = this.#longDecimal(field, scanner)
          break
        case LONG_AMOUNT:
          numbers[slot] = scanner.empty() ? Number.NaN : this.#longDecimal(field, scanner)
          break
        default:
          scanner.skip()
      }
      seen |= bit
      this.#seen = seen
      before = field
    } while (scanner.more())
    if (!scanner.isPlain || (seen & this.#needed) !== this.#needed) return false
    // what is missing now was missing the last time: its slots say so already
    if (seen !== settled) this.#clear(seen)
    this.#settled = seen
    return true
  }

  /** Takes a key that was not expected. */
  #find(scanner: Scanner): Field {
    for (const field of this.#fields) if (scanner.takesKey(field.key)) return field
    const key = scanner.key()
    if (this.#ignored === MOST_IGNORED || !scanner.isPlain || key.length < NO_KEY.length) return this.#unknown
    this.#ignored++
    const field = new Field(new Literal(key), ignored, -1)
    this.#fields.push(field)
    return field
  }

  /** A decimal text that may have more digits than the scanner takes. */
  #longDecimal({ bit, slot }: Field, scanner: Scanner): number {
    const place = scanner.place()
    const number = scanner.decimal()
    if (scanner.isPlain) return number
    scanner.isPlain = true
    scanner.goTo(place)
    const text = scanner.text()
    const long = notNegative(text)
    if (long !== long || isExact(text)) scanner.isPlain = false
    this.texts[slot] = text
    this.#inexact |= bit
    return long
  }

  /** The slots of what is missing say so. */
  #clear(seen: number): void {
    for (const { bit, slot } of this.#fields) {
      if ((bit & ~seen) === 0) continue
      this.numbers[slot] = Number.NaN
      this.texts[slot] = ""
    }
  }
}

const bits = (fields: ReadonlyArray<Field>): number => fields.reduce((all, { bit }) => all | bit, 0)

export const make = <Keys extends string>(fields: Readonly<Record<Keys, Wanted>>): Shape<Keys> => new Shape(fields)
