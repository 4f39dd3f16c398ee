const utf8 = new TextEncoder()

/** What each byte is as a hex digit; 16 where it is none. */
const nibbles = Uint8Array.from({ length: 256 }, (_, byte) => {
  const digit = parseInt(String.fromCharCode(byte), 16)
  return Number.isNaN(digit) ? 16 : digit
})

/** Longer strings are faster through TextEncoder. */
const shortText = 40

/**
 * A growing buffer for protobuf messages in one another: a message is begun with a byte for its length, and moved up
 * at its end if that takes more. Faster than ByteWriter for many small strings and messages.
 */
export class MessageBuffer {
  #bytes: Uint8Array<ArrayBuffer>
  #view: DataView
  #length = 0

  constructor(firstBytes = 4096) {
    this.#bytes = new Uint8Array(firstBytes)
    this.#view = new DataView(this.#bytes.buffer)
  }

  /** @returns where the message's content begins, for `end` */
  begin(tag: number): number {
    this.varint(tag)
    this.#reserve(1)
    return ++this.#length
  }

  end(from: number): void {
    const size = this.#length - from
    let extra = 0
    for (let rest = size; rest >= 0x80; rest = Math.floor(rest / 0x80)) extra++
    if (extra > 0) {
      this.#reserve(extra)
      this.#bytes.copyWithin(from + extra, from, from + size)
    }
    let at = from - 1
    let rest = size
    for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) this.#bytes[at++] = (rest % 0x80) | 0x80
    this.#bytes[at] = rest
    this.#length += extra
  }

  u8(value: number): void {
    this.#reserve(1)
    this.#bytes[this.#length++] = value
  }

  u32(value: number): void {
    this.#reserve(4)
    this.#view.setUint32(this.#length, value, true)
    this.#length += 4
  }

  u64(high: number, low: number): void {
    this.u32(low)
    this.u32(high)
  }

  f64(value: number): void {
    this.#reserve(8)
    this.#view.setFloat64(this.#length, value, true)
    this.#length += 8
  }

  /** A non-negative safe integer. */
  varint(value: number): void {
    this.#reserve(10)
    let rest = value
    while (rest >= 0x80) {
      this.#bytes[this.#length++] = (rest % 0x80) | 0x80
      rest = Math.floor(rest / 0x80)
    }
    this.#bytes[this.#length++] = rest
  }

  /** A 64-bit varint as two unsigned halves. */
  varint64(high: number, low: number): void {
    this.#reserve(10)
    let rest = low
    let above = high
    while (above !== 0 || rest >= 0x80) {
      this.#bytes[this.#length++] = (rest & 0x7f) | 0x80
      rest = ((rest >>> 7) | (above << 25)) >>> 0
      above >>>= 7
    }
    this.#bytes[this.#length++] = rest
  }

  /** Length, then the bytes. */
  bytes(bytes: Uint8Array): void {
    this.varint(bytes.length)
    this.#reserve(bytes.length)
    this.#bytes.set(bytes, this.#length)
    this.#length += bytes.length
  }

  /** Length, then the bytes from one place to another. */
  copy(bytes: Uint8Array, from: number, to: number): void {
    const length = to - from
    if (length > shortText) {
      this.bytes(bytes.subarray(from, to))
      return
    }
    this.#reserve(length + 1)
    const own = this.#bytes
    const at = this.#length + 1
    own[at - 1] = length
    for (let i = 0; i < length; i++) own[at + i] = bytes[from + i]!
    this.#length = at + length
  }

  /** Length, then the bytes that these hex digits stand for; false, and nothing written, where they aren't all such. */
  hexBytes(digits: Uint8Array, from: number, to: number): boolean {
    const length = (to - from) / 2
    if (!Number.isInteger(length)) return false
    const begin = this.#length
    this.varint(length)
    this.#reserve(length)
    let isHex = true
    for (let at = from; at < to; at += 2) {
      const high = nibbles[digits[at]!]!
      const low = nibbles[digits[at + 1]!]!
      isHex &&= high < 16 && low < 16
      this.#bytes[this.#length++] = high * 16 + low
    }
    if (!isHex) this.#length = begin
    return isHex
  }

  /** Length, then the bytes that these digits stand for. */
  hex(digits: string): void {
    this.varint(digits.length >>> 1)
    for (let i = 0; i + 1 < digits.length; i += 2) {
      this.u8(nibbles[digits.charCodeAt(i)]! * 16 + nibbles[digits.charCodeAt(i + 1)]!)
    }
  }

  /** Length, then UTF-8. */
  text(text: string): void {
    if (text.length > shortText || !this.#ascii(text)) this.bytes(utf8.encode(text))
  }

  /** What was written, in a buffer of its own. */
  finish(): Uint8Array<ArrayBuffer> {
    return this.#bytes.slice(0, this.#length)
  }

  /** Short ASCII by hand; false, and nothing written, where it is something else. */
  #ascii(text: string): boolean {
    this.#reserve(text.length + 1)
    const bytes = this.#bytes
    const from = this.#length + 1
    for (let i = 0; i < text.length; i++) {
      const code = text.charCodeAt(i)
      if (code >= 0x80) return false
      bytes[from + i] = code
    }
    bytes[from - 1] = text.length
    this.#length = from + text.length
    return true
  }

  #reserve(count: number): void {
    const needed = this.#length + count
    if (needed <= this.#bytes.length) return
    const grown = new Uint8Array(Math.max(needed, this.#bytes.length * 2))
    grown.set(this.#bytes.subarray(0, this.#length))
    this.#bytes = grown
    this.#view = new DataView(grown.buffer)
  }
}
