import { RequestCopies } from './request-copies.ts'
import type { ByteRange, Surroundings } from './request-copies.ts'
import type { RequestReader } from './request-reader.ts'
import type { OtlpSignal, U64 } from './sink.ts'

/** What is kept as it came repeats its resource: together that may be so many bytes, or times the request. */
const leastCopied = 16 * 1024 * 1024
const mostCopies = 4

/**
 * Collects the items of one scope that rows can't hold, and hands them to the sink as one request. All of a scope in
 * one, since each request repeats its resource.
 */
export class OpaqueItems {
  readonly #signal: OtlpSignal
  readonly #copies: RequestCopies
  #items: ByteRange[] = []
  #points = 0
  #from: U64 = { high: 0, low: 0 }
  #to: U64 = { high: 0, low: 0 }

  constructor(signal: OtlpSignal, bytes: Uint8Array) {
    this.#signal = signal
    this.#copies = new RequestCopies(bytes, Math.max(leastCopied, bytes.length * mostCopies))
  }

  /** @param points how many it counts as, for the sender */
  add(item: ByteRange, points: number): void {
    this.#items.push(item)
    this.#points += points
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

  flush(reader: RequestReader, around: Surroundings): void {
    if (this.#items.length === 0) return
    const request = this.#copies.write(around, this.#items)
    if (request) {
      reader.sink.item({ kind: 'opaque', signal: this.#signal, request, from: this.#from, to: this.#to })
      reader.outcome.accepted += this.#points
    } else reader.reject('Expected fewer scopes that share one large resource', this.#points)
    this.#items = []
    this.#points = 0
    this.#from = { high: 0, low: 0 }
    this.#to = { high: 0, low: 0 }
  }
}

function isBefore(a: U64, b: U64): boolean {
  return a.high < b.high || (a.high === b.high && a.low < b.low)
}
