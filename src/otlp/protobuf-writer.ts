import { MessageBuffer } from './message-buffer.ts'

/** What an OTLP AnyValue can hold and we ever write. Integers become int_value, other numbers double_value. */
export type AttributeValue = string | number | boolean | bigint | readonly AttributeValue[]
export type AttributeMap = Readonly<Record<string, AttributeValue | undefined>>

/**
 * Writes protobuf fields (https://protobuf.dev/programming-guides/encoding). Those with the proto3 default (zero, empty)
 * are left out, but never an empty nested message: its presence has a meaning.
 */
export class ProtobufWriter {
  readonly #out = new MessageBuffer()

  /** uint32, uint64, enum; and int32, int64 when negative. */
  varint(field: number, value: number | bigint): void {
    if (value === 0 || value === 0n) return
    this.#out.varint(field * 8)
    this.#varintValue(value)
  }

  boolean(field: number, value: boolean): void {
    if (value) this.varint(field, 1)
  }

  double(field: number, value: number): void {
    if (!Object.is(value, 0)) this.presentDouble(field, value)
  }

  /** Also when it is zero: in a oneof, presence is the value. */
  presentDouble(field: number, value: number): void {
    this.#out.varint(field * 8 + 1)
    this.#out.f64(value)
  }

  fixed32(field: number, value: number): void {
    if (value === 0) return
    this.#out.varint(field * 8 + 5)
    this.#out.u32(value)
  }

  fixed64(field: number, value: bigint): void {
    if (value === 0n) return
    this.#out.varint(field * 8 + 1)
    this.#fixed64Value(value)
  }

  string(field: number, value: string): void {
    if (value === '') return
    this.#out.varint(field * 8 + 2)
    this.#out.text(value)
  }

  bytes(field: number, value: Uint8Array): void {
    if (value.length === 0) return
    this.#out.varint(field * 8 + 2)
    this.#out.bytes(value)
  }

  /** An id given as hex digits: trace ids, span ids. */
  hex(field: number, digits: string): void {
    if (digits === '') return
    this.#out.varint(field * 8 + 2)
    this.#out.hex(digits)
  }

  packedVarints(field: number, values: ArrayLike<number>): void {
    if (values.length === 0) return
    this.message(field, () => {
      for (let i = 0; i < values.length; i++) this.#varintValue(values[i]!)
    })
  }

  packedFixed64(field: number, values: ArrayLike<bigint>): void {
    if (values.length === 0) return
    this.message(field, () => {
      for (let i = 0; i < values.length; i++) this.#fixed64Value(values[i]!)
    })
  }

  message(field: number, write: () => void): void {
    const from = this.#out.begin(field * 8 + 2)
    write()
    this.#out.end(from)
  }

  /** opentelemetry.proto.common.v1.AnyValue */
  anyValue(field: number, value: AttributeValue): void {
    this.message(field, () => this.#anyValueBody(value))
  }

  /** opentelemetry.proto.common.v1.KeyValue, once per entry; undefined ones are left out. */
  attributes(field: number, attributes: AttributeMap): void {
    for (const key of Object.keys(attributes)) {
      const value = attributes[key]
      if (value !== undefined) this.keyValue(field, key, value)
    }
  }

  keyValue(field: number, key: string, value: AttributeValue): void {
    this.message(field, () => {
      this.string(1, key)
      this.anyValue(2, value)
    })
  }

  /** opentelemetry.proto.resource.v1.Resource */
  resource(field: number, attributes: AttributeMap): void {
    this.message(field, () => this.attributes(1, attributes))
  }

  /** opentelemetry.proto.common.v1.InstrumentationScope */
  scope(field: number, name: string, version: string): void {
    this.message(field, () => {
      this.string(1, name)
      this.string(2, version)
    })
  }

  /** What was written, in a buffer of its own. */
  finish(): Uint8Array<ArrayBuffer> {
    return this.#out.finish()
  }

  // Inside a oneof even a default is written: its presence is the value.
  #anyValueBody(value: AttributeValue): void {
    const out = this.#out
    switch (typeof value) {
      case 'string':
        out.varint(1 * 8 + 2)
        out.text(value)
        return
      case 'boolean':
        out.varint(2 * 8)
        out.u8(value ? 1 : 0)
        return
      case 'bigint':
        out.varint(3 * 8)
        this.#varintValue(value)
        return
      case 'number':
        if (Number.isSafeInteger(value) && !Object.is(value, -0)) {
          out.varint(3 * 8)
          this.#varintValue(value)
        } else {
          out.varint(4 * 8 + 1)
          out.f64(value)
        }
        return
      default:
        this.message(5, () => {
          for (const item of value) this.anyValue(1, item)
        })
    }
  }

  #varintValue(value: number | bigint): void {
    if (typeof value === 'number' && value >= 0 && value <= Number.MAX_SAFE_INTEGER) {
      this.#out.varint(value)
      return
    }
    // A negative number takes ten bytes, as two's complement of 64 bits.
    const bits = BigInt.asUintN(64, BigInt(value))
    this.#out.varint64(Number(bits >> 32n), Number(bits & 0xffffffffn))
  }

  #fixed64Value(value: bigint): void {
    this.#out.u64(Number(value >> 32n) >>> 0, Number(value & 0xffffffffn))
  }
}
