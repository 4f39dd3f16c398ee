import { ProtobufWriter } from './protobuf-writer.ts'
import type { OtlpSignal, OtlpSink, U64 } from './sink.ts'

/** A stretch of the request's bytes. */
export interface ByteRange {
  from: number
  to: number
}

/** The parts of a request around its items. */
export interface Surroundings {
  resource: ByteRange
  resourceSchemaUrl: ByteRange
  scope: ByteRange
  scopeSchemaUrl: ByteRange
}

/**
 * Collects the items of one scope that rows can't hold, and hands them to the sink as one request. All of a scope in
 * one, since each request repeats its resource.
 */
export class OpaqueItems {
  readonly #signal: OtlpSignal
  readonly #bytes: Uint8Array
  #items: ByteRange[] = []
  #from: U64 = { high: 0, low: 0 }
  #to: U64 = { high: 0, low: 0 }

  constructor(signal: OtlpSignal, bytes: Uint8Array) {
    this.#signal = signal
    this.#bytes = bytes
  }

  add(from: number, to: number): void {
    this.#items.push({ from, to })
  }

  /** So many that a request of their own pays for its head. */
  get isFull(): boolean {
    return this.#items.length >= 1000
  }

  /** A time of an item; zero ones don't count. */
  addTime(time: U64): void {
    if (time.high === 0 && time.low === 0) return
    const isFirst = this.#to.high === 0 && this.#to.low === 0
    if (isFirst || isBefore(time, this.#from)) this.#from = { ...time }
    if (isFirst || isBefore(this.#to, time)) this.#to = { ...time }
  }

  flush(sink: OtlpSink, around: Surroundings): void {
    if (this.#items.length === 0) return
    const request = writeRequest(this.#bytes, around, this.#items)
    sink.item({ kind: 'opaque', signal: this.#signal, request, from: this.#from, to: this.#to })
    this.#items = []
    this.#from = { high: 0, low: 0 }
    this.#to = { high: 0, low: 0 }
  }
}

/** An export request with these parts of another; all signals have the same field numbers here. */
export function writeRequest(
  bytes: Uint8Array,
  around: Surroundings,
  items: readonly ByteRange[],
  dictionary?: ByteRange
): Uint8Array {
  const part = (range: ByteRange) => bytes.subarray(range.from, range.to)
  const writer = new ProtobufWriter()
  writer.message(1, () => {
    writer.bytes(1, part(around.resource))
    writer.message(2, () => {
      writer.bytes(1, part(around.scope))
      for (const item of items) writer.bytes(2, part(item))
      writer.bytes(3, part(around.scopeSchemaUrl))
    })
    writer.bytes(3, part(around.resourceSchemaUrl))
  })
  if (dictionary) writer.bytes(2, part(dictionary))
  return writer.finish()
}

function isBefore(a: U64, b: U64): boolean {
  return a.high < b.high || (a.high === b.high && a.low < b.low)
}
