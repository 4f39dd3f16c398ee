// Walks JSON bytes from outside (RFC 8259) without making values of them: the keys and values of a request are mostly
// copied or counted where they stand.
import { MicrologError } from '../base/errors.ts'
import type { U64 } from './sink.ts'

const quote = 0x22
const backslash = 0x5c
const minus = 0x2d
const zero = 0x30
const [comma, colon] = [0x2c, 0x3a]
export const [openBracket, closeBracket, openBrace, closeBrace] = [0x5b, 0x5d, 0x7b, 0x7d]

/** By what they begin with; all others are numbers. */
const kinds: ReadonlyMap<number, string> = new Map([
  [quote, 'a string'],
  [openBrace, 'an object'],
  [openBracket, 'an array'],
  [0x74, 'true'],
  [0x66, 'false'],
  [0x6e, 'null']
])

/** 1 for what stands in a string as it reads. */
const isPlain = Uint8Array.from({ length: 256 }, (_, byte) =>
  byte >= 0x20 && byte !== quote && byte !== backslash ? 1 : 0
)
const utf8 = new TextDecoder('utf-8', { ignoreBOM: true })
const number = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/
const integer = /^-?\d+$/
/** An integer of fewer digits is a safe one. */
const safeDigits = 15
const two32 = 0x100000000

/** Bad bytes are `invalid-input` with their offset, what nests too deep is `too-large`. */
export class JsonCursor {
  readonly bytes: Uint8Array
  position = 0
  /** Of the string or integer that was passed last: its first byte, and the one behind it. */
  from = 0
  to = 0
  /** The string that was passed last isn't written as it reads. */
  hasEscape = false
  /** Of the integer that was passed last. */
  readonly bits: U64 = { high: 0, low: 0 }
  readonly #deepest: number
  #depth = 0

  constructor(bytes: Uint8Array, deepest: number) {
    this.bytes = bytes
    this.#deepest = deepest
    const hasMark = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf
    if (hasMark) this.position = 3
  }

  /** The first byte of what comes next, the position being there; 0 at the end. */
  peek(): number {
    const { bytes } = this
    let byte = bytes[this.position]
    while (isSpace(byte)) byte = bytes[++this.position]
    return byte ?? 0
  }

  end(): void {
    if (this.peek() !== 0 || this.position < this.bytes.length) throw this.#bad('nothing more')
  }

  /** Into an object or an array, whose first byte this is. */
  enter(open: number): void {
    if (this.peek() !== open) throw this.#bad(open === openBrace ? 'an object' : 'an array')
    if (++this.#depth > this.#deepest) {
      const offset = this.position
      throw new MicrologError('too-large', `Expected JSON of at most ${this.#deepest} levels`, { offset })
    }
    this.position++
  }

  /** Whether another one comes in what was entered, behind its comma; else it is left. */
  more(close: number, isFirst: boolean): boolean {
    const next = this.peek()
    if (next === close) {
      this.#depth--
      this.position++
      return false
    }
    if (isFirst) return true
    if (next !== comma) throw this.#bad(`',' or '${String.fromCharCode(close)}'`)
    this.position++
    return true
  }

  /** Passes a key and its colon where they are these bytes. */
  isKey(quoted: Uint8Array): boolean {
    const { bytes, position } = this
    if (position + quoted.length > bytes.length) return false
    for (let i = 0; i < quoted.length; i++) if (bytes[position + i] !== quoted[i]) return false
    this.position = position + quoted.length
    return true
  }

  /** Passes any key and its colon; its text. */
  key(): string {
    if (!this.string()) throw this.#bad('a key')
    const text = this.text()
    if (this.peek() !== colon) throw this.#bad("':'")
    this.position++
    return text
  }

  /** Passes a string; false, and nothing passed, where there is none. Its bytes are its text unless `hasEscape`. */
  string(): boolean {
    if (this.peek() !== quote) return false
    const { bytes } = this
    let at = this.position + 1
    this.from = at
    this.hasEscape = false
    for (;;) {
      while (at < bytes.length && isPlain[bytes[at]!] === 1) at++
      const byte = bytes[at]
      if (byte === quote) break
      if (byte !== backslash) {
        this.position = at
        throw this.#bad('a string without control characters, and its end')
      }
      this.hasEscape = true
      at += 2
    }
    this.to = at
    this.position = at + 1
    return true
  }

  /** The text of the string that was passed last. */
  text(): string {
    const { from, to } = this
    return this.hasEscape ? (this.#parsed(from - 1, to + 1) as string) : this.#decoded(from, to)
  }

  /**
   * Passes an integer of at most so many digits (19 fit into 64 bits), bare or as a string, into `bits`; false, and nothing
   * passed, where something else stands there.
   */
  digits(most: number): boolean {
    const first = this.peek()
    const { bytes } = this
    const from = first === quote ? this.position + 1 : this.position
    let to = from
    while (isDigit(bytes[to])) to++
    const length = to - from
    if (length === 0 || length > most) return false
    if (first === quote ? bytes[to] !== quote : !endsWord(bytes[to]) || (first === zero && length > 1))
      return false
    // Upper digits × 10⁹ + the last nine; in two parts, so that no product goes beyond 2^53.
    const split = to - 9
    let upper = 0
    let lower = 0
    for (let at = from; at < to; at++) {
      const digit = bytes[at]! - zero
      if (at < split) upper = upper * 10 + digit
      else lower = lower * 10 + digit
    }
    const above = Math.floor(upper / 0x10000) * 1e9
    const below = (upper % 0x10000) * 1e9 + lower + (above % 0x10000) * 0x10000
    this.bits.high = Math.floor(above / 0x10000) + Math.floor(below / two32)
    this.bits.low = below % two32
    this.position = first === quote ? to + 1 : to
    return true
  }

  /** What JSON.parse makes of the value that comes next, and passes it; integers that a number would round are text. */
  value(): unknown {
    const first = this.peek()
    if (first === minus || isDigit(first)) {
      const text = this.#word()
      return text.length > safeDigits && integer.test(text) ? text : Number(text)
    }
    const from = this.position
    this.skip()
    return this.#parsed(from, this.position)
  }

  /** Passes a value of which another kind was expected; what it is. */
  kind(): string {
    const first = this.peek()
    this.skip()
    return kinds.get(first) ?? 'a number'
  }

  /** Passes any value. */
  skip(): void {
    switch (this.peek()) {
      case quote:
        this.string()
        if (this.hasEscape) this.text()
        return
      case openBrace:
        this.enter(openBrace)
        for (let isFirst = true; this.more(closeBrace, isFirst); isFirst = false) {
          this.key()
          this.skip()
        }
        return
      case openBracket:
        this.enter(openBracket)
        for (let isFirst = true; this.more(closeBracket, isFirst); isFirst = false) this.skip()
        return
      default:
        this.#word()
    }
  }

  /** Passes a number, true, false or null; its text. */
  #word(): string {
    const { bytes, position } = this
    let to = position
    while (!endsWord(bytes[to])) to++
    const word = this.#decoded(position, to)
    if (word !== 'true' && word !== 'false' && word !== 'null' && !number.test(word))
      throw this.#bad('a value')
    this.position = to
    return word
  }

  #decoded(from: number, to: number): string {
    return utf8.decode(this.bytes.subarray(from, to))
  }

  #parsed(from: number, to: number): unknown {
    try {
      return JSON.parse(this.#decoded(from, to)) as unknown
    } catch (cause) {
      throw new MicrologError('invalid-input', 'Expected JSON', { cause, offset: from })
    }
  }

  #bad(expected: string): MicrologError {
    return new MicrologError('invalid-input', `Expected JSON: ${expected}`, { offset: this.position })
  }
}

function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= 0x30 && byte <= 0x39
}

function isSpace(byte: number | undefined): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09
}

/** Whether a number, true, false or null ends before this byte. */
function endsWord(byte: number | undefined): boolean {
  return byte === undefined || byte === comma || byte === closeBrace || byte === closeBracket || isSpace(byte)
}
