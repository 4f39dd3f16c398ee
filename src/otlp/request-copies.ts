import { ProtobufWriter } from './protobuf-writer.ts'

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

/** Requests made of parts of one, as long as they don't become too many bytes together: a part may go into each of them. */
export class RequestCopies {
  readonly #bytes: Uint8Array
  #left: number

  constructor(bytes: Uint8Array, mostBytes: number) {
    this.#bytes = bytes
    this.#left = mostBytes
  }

  /** All signals have the same field numbers here. Undefined where it is too much. */
  write(around: Surroundings, items: readonly ByteRange[], dictionary?: ByteRange): Uint8Array | undefined {
    const { resource, resourceSchemaUrl, scope, scopeSchemaUrl } = around
    for (const range of [resource, resourceSchemaUrl, scope, scopeSchemaUrl, ...items, dictionary])
      if (range) this.#left -= range.to - range.from
    if (this.#left < 0) return undefined
    const part = (range: ByteRange) => this.#bytes.subarray(range.from, range.to)
    const writer = new ProtobufWriter()
    writer.message(1, () => {
      writer.bytes(1, part(resource))
      writer.message(2, () => {
        writer.bytes(1, part(scope))
        for (const item of items) writer.bytes(2, part(item))
        writer.bytes(3, part(scopeSchemaUrl))
      })
      writer.bytes(3, part(resourceSchemaUrl))
    })
    if (dictionary) writer.bytes(2, part(dictionary))
    return writer.finish()
  }
}
