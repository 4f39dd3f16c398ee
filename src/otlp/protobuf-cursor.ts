import { MicrologError } from '../base/errors.ts'
import { sameBytes } from './same-bytes.ts'

/**
 * Walks protobuf bytes (https://protobuf.dev/programming-guides/encoding). Whoever enters a nested message sets `end`
 * to its end and back afterwards; nothing reads past `end`. Bad bytes are `invalid-input` with their offset.
 */
export class ProtobufCursor {
  readonly bytes: Uint8Array
  position: number
  end: number
  /** High half of the last varint64, fixed64 or sfixed64; the low half is what was returned. */
  high = 0
  readonly #view: DataView

  constructor(bytes: Uint8Array, position = 0, end = bytes.length) {
    this.bytes = bytes
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    this.position = position
    this.end = end
  }

  /** Field number × 8 + wire type; 0 at the end of the message. */
  tag(): number {
    const at = this.position
    if (at >= this.end) return 0
    const first = this.bytes[at]!
    if (first < 0x80 && first >= 8) {
      this.position = at + 1
      return first
    }
    const tag = this.varint32()
    if (tag < 8) throw this.#bad('a field number')
    return tag
  }

  /** The low 32 bits of a varint, unsigned. */
  varint32(): number {
    const { bytes, end } = this
    let at = this.position
    if (at >= end) throw this.#bad('a varint')
    let byte = bytes[at++]!
    let value = byte & 0x7f
    for (let shift = 7; byte >= 0x80; shift += 7) {
      if (at >= end || shift > 63) throw this.#bad('a varint of at most ten bytes')
      byte = bytes[at++]!
      if (shift < 32) value |= (byte & 0x7f) << shift
    }
    this.position = at
    return value >>> 0
  }

  /** The low half of a varint; the high half is in `high`. */
  varint64(): number {
    let low = 0
    let high = 0
    for (let shift = 0; shift < 70; shift += 7) {
      if (this.position >= this.end) break
      const byte = this.bytes[this.position++]!
      if (shift < 28) low |= (byte & 0x7f) << shift
      else if (shift === 28) {
        low |= (byte & 0x0f) << 28
        high = (byte & 0x7f) >>> 4
      } else if (shift < 63) high |= (byte & 0x7f) << (shift - 32)
      else high |= (byte & 1) << 31
      if (byte < 0x80) {
        this.high = high >>> 0
        return low >>> 0
      }
    }
    throw this.#bad('a varint of at most ten bytes')
  }

  fixed32(): number {
    return this.#view.getUint32(this.#pass(4), true)
  }

  /** The low half; the high half is in `high`. */
  fixed64(): number {
    const at = this.#pass(8)
    this.high = this.#view.getUint32(at + 4, true)
    return this.#view.getUint32(at, true)
  }

  double(): number {
    return this.#view.getFloat64(this.#pass(8), true)
  }

  /** Where the length-delimited field that comes now ends; the position is then at its first byte. */
  enter(): number {
    const at = this.position + 1
    const first = this.bytes[at - 1]!
    if (first < 0x80 && at + first <= this.end) {
      this.position = at
      return at + first
    }
    const length = this.varint64()
    if (this.high !== 0 || length > this.end - this.position) throw this.#bad('as many bytes as a field says')
    return this.position + length
  }

  /** Passes over the value of a field that isn't of interest. */
  skip(tag: number): void {
    switch (tag & 7) {
      case 0:
        this.varint32()
        return
      case 1:
        this.fixed64()
        return
      case 2:
        this.position = this.enter()
        return
      case 5:
        this.fixed32()
        return
      default:
        throw this.#bad('a wire type of 0, 1, 2 or 5')
    }
  }

  /** Whether the bytes at two places are the same; both must lie within the bytes. */
  isSame(a: number, b: number, length: number): boolean {
    return sameBytes(this.#view, a, b, length)
  }

  /** Where a field of so many bytes begins; the position is then behind it. */
  #pass(bytes: number): number {
    const at = this.position
    if (this.end - at < bytes) throw this.#bad(`${bytes} bytes`)
    this.position = at + bytes
    return at
  }

  #bad(expected: string): MicrologError {
    return new MicrologError('invalid-input', `Expected protobuf: ${expected}`, { offset: this.position })
  }
}
