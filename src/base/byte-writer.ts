const utf8 = new TextEncoder()

/** A growing little-endian byte buffer. Numbers are doubles; integers must be safe integers (|n| < 2^53). */
export class ByteWriter {
  #bytes: Uint8Array
  #view: DataView
  length = 0

  constructor(capacity = 256) {
    this.#bytes = new Uint8Array(capacity)
    this.#view = new DataView(this.#bytes.buffer)
  }

  u8(value: number): void {
    this.#reserve(1)
    this.#bytes[this.length++] = value
  }

  u32(value: number): void {
    this.#reserve(4)
    this.#view.setUint32(this.length, value, true)
    this.length += 4
  }

  /** Two halves of a 64-bit number. */
  u64(high: number, low: number): void {
    this.u32(low)
    this.u32(high)
  }

  f64(value: number): void {
    this.#reserve(8)
    this.#view.setFloat64(this.length, value, true)
    this.length += 8
  }

  /** LEB128 of a non-negative safe integer. */
  varint(value: number): void {
    this.#reserve(10)
    let rest = value
    if (rest >= 0x80000000) {
      const low = rest & 0xfffffff
      for (let bits = 0; bits < 28; bits += 7) this.#bytes[this.length++] = (low >>> bits) | 0x80
      rest = (rest - low) / 0x10000000
    }
    for (; rest >= 0x80; rest >>>= 7) this.#bytes[this.length++] = rest | 0x80
    this.#bytes[this.length++] = rest
  }

  /** A varint with the sign in its lowest bit; |value| < 2^52. */
  zigzag(value: number): void {
    this.varint(value < 0 ? -value * 2 - 1 : value * 2)
  }

  raw(bytes: Uint8Array): void {
    this.#reserve(bytes.length)
    this.#bytes.set(bytes, this.length)
    this.length += bytes.length
  }

  /** The next bytes, to be filled in before anything else is written; they aren't cleared. */
  take(count: number): Uint8Array {
    this.#reserve(count)
    this.length += count
    return this.#bytes.subarray(this.length - count, this.length)
  }

  /** Length as varint, then the bytes. */
  bytes(bytes: Uint8Array): void {
    this.varint(bytes.length)
    this.raw(bytes)
  }

  /** Length in bytes as varint, then UTF-8. */
  text(text: string): void {
    this.bytes(utf8.encode(text))
  }

  /** Overwrites four bytes written earlier. */
  setU32(offset: number, value: number): void {
    this.#view.setUint32(offset, value, true)
  }

  /** What was written; a view that the next write may move away from. */
  view(): Uint8Array {
    return this.#bytes.subarray(0, this.length)
  }

  /** What was written, in a buffer of its own. */
  finish(): Uint8Array<ArrayBuffer> {
    return this.#bytes.slice(0, this.length) as Uint8Array<ArrayBuffer>
  }

  clear(): void {
    this.length = 0
  }

  #reserve(count: number): void {
    const needed = this.length + count
    if (needed <= this.#bytes.length) return
    const grown = new Uint8Array(Math.max(needed, this.#bytes.length * 2))
    grown.set(this.#bytes.subarray(0, this.length))
    this.#bytes = grown
    this.#view = new DataView(grown.buffer)
  }
}
