import { sameBytes } from '../../otlp/same-bytes.ts'
import type { StringBuilder } from '../../recording/string-builder.ts'

const utf8 = new TextDecoder('utf-8', { ignoreBOM: true })

/** So many unequal strings in a row with the same place make it a string of its own: no sender can slow it down. */
const longestProbe = 16

/**
 * Finds the row of a string by its UTF-8 bytes, without making a JavaScript string of those it knows. It refers to
 * the bytes it was given: they must not change. Records are alike, so the string that followed last time is tried
 * before the hash.
 */
export class Utf8Strings {
  readonly #strings: StringBuilder
  #bytes: Uint8Array = new Uint8Array(0)
  /** Of the same bytes: four at a time. */
  #view: DataView = new DataView(new ArrayBuffer(0))
  #index = new Int32Array(256)
  #hash = new Int32Array(128)
  #from = new Int32Array(128)
  #length = new Int32Array(128)
  #row = new Int32Array(128)
  #next = new Int32Array(128)
  #known = 0
  /** Entry of the string before; 0 is nobody's. */
  #last = 0

  constructor(strings: StringBuilder) {
    this.#strings = strings
  }

  intern(bytes: Uint8Array, from: number, to: number): number {
    const length = to - from
    if (length === 0) return 0
    if (bytes !== this.#bytes) this.#restart(bytes)
    const guess = this.#next[this.#last]!
    if (this.#length[guess] === length && sameBytes(this.#view, this.#from[guess]!, from, length)) {
      this.#last = guess
      return this.#row[guess]!
    }
    const entry = this.#find(from, length)
    if (entry === 0) return this.#strings.intern(utf8.decode(bytes.subarray(from, to)))
    this.#next[this.#last] = entry
    this.#last = entry
    return this.#row[entry]!
  }

  /** 0 where too many others are in its place. */
  #find(from: number, length: number): number {
    const to = from + length
    const hash = hashOf(this.#view, from, to)
    const mask = this.#index.length - 1
    let slot = hash & mask
    for (let probe = 0; probe < longestProbe; probe++) {
      const entry = this.#index[slot]!
      if (entry === 0) return this.#add(slot, hash, from, length)
      if (
        this.#hash[entry] === hash &&
        this.#length[entry] === length &&
        sameBytes(this.#view, this.#from[entry]!, from, length)
      )
        return entry
      slot = (slot + 1) & mask
    }
    return 0
  }

  #add(slot: number, hash: number, from: number, length: number): number {
    const entry = ++this.#known
    if (entry === this.#hash.length) this.#grow()
    this.#index[slot] = entry
    this.#hash[entry] = hash
    this.#from[entry] = from
    this.#length[entry] = length
    this.#next[entry] = 0
    this.#row[entry] = this.#rowOf(entry, from, from + length)
    if (this.#known * 2 > this.#index.length) this.#rehash()
    return entry
  }

  #rowOf(entry: number, from: number, to: number): number {
    const bytes = this.#bytes
    if (!isAscii(this.#view, from, to)) return this.#strings.intern(utf8.decode(bytes.subarray(from, to)))
    const text = decodeAscii(bytes, from, to)
    // ASCII is the text of no other bytes: where nobody else has added strings, it isn't there yet.
    const isNew = this.#strings.length === entry
    return isNew ? this.#strings.append(text) : this.#strings.intern(text)
  }

  #restart(bytes: Uint8Array): void {
    this.#bytes = bytes
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    this.#index.fill(0)
    this.#known = this.#last = this.#next[0] = 0
  }

  #grow(): void {
    const size = this.#known * 2
    this.#hash = grown(this.#hash, size)
    this.#from = grown(this.#from, size)
    this.#length = grown(this.#length, size)
    this.#row = grown(this.#row, size)
    this.#next = grown(this.#next, size)
  }

  #rehash(): void {
    const index = new Int32Array(this.#index.length * 4)
    const mask = index.length - 1
    for (let entry = 1; entry <= this.#known; entry++) {
      let slot = this.#hash[entry]! & mask
      while (index[slot] !== 0) slot = (slot + 1) & mask
      index[slot] = entry
    }
    this.#index = index
  }
}

function grown(array: Int32Array<ArrayBuffer>, size: number): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(size)
  larger.set(array)
  return larger
}

function hashOf(view: DataView, from: number, to: number): number {
  let hash = to - from
  let at = from
  for (; at + 4 <= to; at += 4) {
    hash = Math.imul(hash ^ view.getInt32(at, true), 0x9e3779b1)
    hash ^= hash >>> 15
  }
  for (; at < to; at++) hash = Math.imul(hash ^ view.getUint8(at), 0x01000193)
  return hash ^ (hash >>> 16)
}

function isAscii(view: DataView, from: number, to: number): boolean {
  let bits = 0
  let at = from
  for (; at + 4 <= to; at += 4) bits |= view.getInt32(at, true)
  for (; at < to; at++) bits |= view.getUint8(at)
  return (bits & 0x80808080) === 0
}

/** One for each length of a short text: made at once from all its characters, it is flat, and no other string is made. */
const characters = Array.from({ length: 33 }, (_, length) => new Array<number>(length).fill(0))

/** A short text is faster by hand than through TextDecoder. */
function decodeAscii(bytes: Uint8Array, from: number, to: number): string {
  const codes = characters[to - from]
  if (codes === undefined) return utf8.decode(bytes.subarray(from, to))
  for (let i = 0; i < codes.length; i++) codes[i] = bytes[from + i]!
  return String.fromCharCode(...codes)
}
