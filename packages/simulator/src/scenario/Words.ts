/**
 * The words of one line, read from left to right. A word is text without spaces, in which what stands in double quotes
 * is a JSON text; `#` before a word begins a comment. Every reader answers a value or throws with line, word and what
 * was expected.
 */
import { ScenarioError } from "./ScenarioError.ts"
import * as time from "./time.ts"

const split = (line: number, text: string): Array<string> => {
  const words: Array<string> = []
  for (let at = 0; ;) {
    while (/\s/.test(text[at] ?? "")) at++
    const rest = text.slice(at)
    if (rest === "" || rest.startsWith("#")) return words
    const [word = ""] = /^(?:[^\s"]+|"(?:[^"\\]|\\.)*")+/.exec(rest) ?? []
    const next = text[at + word.length]
    if (word === "" || next === '"') throw new ScenarioError(line, rest, "a closing quote")
    words.push(word)
    at += word.length
  }
}

export class Words {
  readonly line: number
  private readonly words: ReadonlyArray<string>
  private next = 0

  constructor(line: number, text: string) {
    this.line = line
    this.words = split(line, text)
  }

  get isOver(): boolean {
    return this.next >= this.words.length
  }

  peek(): string | undefined {
    return this.words[this.next]
  }

  take(expected: string): string {
    const word = this.words[this.next]
    if (word === undefined) throw new ScenarioError(this.line, "the end of the line", expected)
    this.next++
    return word
  }

  /** Takes the next word if it is this one. */
  skip(word: string): boolean {
    if (this.peek() !== word) return false
    this.next++
    return true
  }

  fail(given: string, expected: string): never {
    throw new ScenarioError(this.line, `"${given}"`, expected)
  }

  time(): number {
    const word = this.take(time.TIME)
    return time.parse(word) ?? this.fail(word, time.TIME)
  }

  oneOf<A extends string>(options: ReadonlyArray<A>): A {
    const expected = `one of ${options.join(", ")}`
    const word = this.take(expected)
    return options.find((option) => option === word) ?? this.fail(word, expected)
  }

  symbol(): string {
    const word = this.take("a SYMBOL in upper case")
    return isSymbol(word) ? word : this.fail(word, "a SYMBOL in upper case")
  }

  /** A decimal number, at least 0. */
  number(word: string = this.take("a number")): number {
    return /^\d+(\.\d+)?(e[+-]?\d+)?$/.test(word) ? Number(word) : this.fail(word, "a number of at least 0")
  }

  /** A word of the form `key=value`, without the quotes of its value. */
  pair(word: string): readonly [key: string, value: string] | undefined {
    const [, key, value] = /^([A-Za-z]+)=(.*)$/s.exec(word) ?? []
    if (key === undefined || value === undefined) return undefined
    if (!value.startsWith('"')) return [key, value]
    try {
      return [key, String(JSON.parse(value))]
    } catch {
      return this.fail(value, "a text in double quotes")
    }
  }

  end(): void {
    const word = this.peek()
    if (word !== undefined) this.fail(word, "the end of the line")
  }
}

/** Upper case, as the venue writes symbols; a number or a time is none. */
export const isSymbol = (word: string): boolean =>
  /^[\p{Lu}\p{Lo}\p{N}_-]+$/u.test(word) && !/^\d+$/.test(word) && time.parse(word) === undefined

/** A stream's name or a pattern of names. */
export const isStream = (word: string): boolean => /^[\p{L}\p{N}_!*@.-]+$/u.test(word) && /[@!*]|^\p{L}.*\./u.test(word)
