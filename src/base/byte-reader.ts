import { MicrologError } from './errors.ts'

const utf8 = new TextDecoder('utf-8', { ignoreBOM: true })

/** Reads what ByteWriter wrote. Every read past the end is a `corrupt` error with its offset; nothing is assumed. */
export class ByteReader {
  readonly #bytes: Uint8Array
  readonly #view: DataView
  position: number
  readonly end: number

  constructor(bytes: Uint8Array, from = 0, end = bytes.length) {
    this.#bytes = bytes
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    this.position = from
    this.end = end
  }

  get remaining(): number {
    return this.end - this.position
  }

  u8(): number {
    const at = this.#take(1)
    return this.#view.getUint8(at)
  }

  u32(): number {
    return this.#view.getUint32(this.#take(4), true)
  }

  f64(): number {
    return this.#view.getFloat64(this.#take(8), true)
  }

  /** A non-negative safe integer. */
  varint(): number {
    let value = 0
    let scale = 1
    for (let i = 0; i < 8; i++) {
      const byte = this.u8()
      value += (byte & 0x7f) * scale
      if (byte < 0x80) {
        if (value > Number.MAX_SAFE_INTEGER) break
        return value
      }
      scale *= 0x80
    }
    throw new MicrologError('corrupt', 'Expected an integer below 2^53', { offset: this.position })
  }

  zigzag(): number {
    const value = this.varint()
    return value % 2 === 0 ? value / 2 : -(value + 1) / 2
  }

  /** The next bytes, as a view. */
  raw(count: number): Uint8Array {
    const at = this.#take(count)
    return this.#bytes.subarray(at, at + count)
  }

  bytes(): Uint8Array {
    return this.raw(this.varint())
  }

  /** Invalid UTF-8 becomes U+FFFD. */
  text(): string {
    return utf8.decode(this.bytes())
  }

  /** Bounds a count read from the bytes: each item takes at least `bytesEach` of what is left. */
  count(bytesEach = 1): number {
    const count = this.varint()
    if (count * bytesEach > this.remaining) {
      throw new MicrologError('corrupt', `Expected at most ${this.remaining} items, found ${count}`, {
        offset: this.position
      })
    }
    return count
  }

  #take(count: number): number {
    const at = this.position
    if (count > this.end - at) {
      throw new MicrologError('corrupt', `Expected ${count} more bytes, found ${this.end - at}`, {
        offset: at
      })
    }
    this.position = at + count
    return at
  }
}
