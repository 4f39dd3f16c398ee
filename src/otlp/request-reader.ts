// What all signals share on the wire, read in one pass: strings, ids, times, attributes and values go from the bytes
// into the sink without an object in between.
import { MicrologError } from '../base/errors.ts'
import { checkMessage } from './check-message.ts'
import { copyId } from './copy-id.ts'
import type { ByteRange } from './request-copies.ts'
import { KnownAttributes } from './known-attributes.ts'
import { messageType } from './otlp-messages.ts'
import { ProtobufCursor } from './protobuf-cursor.ts'
import { resolveStrings } from './resolve-strings.ts'
import type { OtlpLimits, OtlpSink, ReadOutcome, U64, ValueType } from './sink.ts'

const anyValue = messageType('AnyValue')
const utf8 = new TextDecoder('utf-8', { ignoreBOM: true })
const ellipsis = new TextEncoder().encode('…')
const type = { empty: 0, string: 1, bool: 2, int: 3, double: 4, bigint: 5, bytes: 6, nested: 7 } as const

/** All that indices into a profile dictionary name may be so many bytes, or times the request: each may name the same ones. */
const leastNamed = 64 * 1024 * 1024
const mostNamings = 4

export class RequestReader {
  readonly cursor: ProtobufCursor
  readonly limits: OtlpLimits
  readonly outcome: ReadOutcome = { accepted: 0, rejected: 0, message: '' }
  /** Of the resource that is being read. */
  sink!: OtlpSink
  /** From and to of each string of a profile dictionary, which indices in keys and values refer to. */
  strings: readonly number[] = []
  /** Attributes beyond the limit in the set that was read last. */
  overflow = 0
  #items = 0
  #nameable: number
  /** By sink and index. */
  readonly #stringRows = new Map<OtlpSink, Map<number, number>>()
  readonly #known = new KnownAttributes()
  #valueType: ValueType = type.empty
  #value = 0

  constructor(bytes: Uint8Array, limits: OtlpLimits) {
    this.cursor = new ProtobufCursor(bytes)
    this.limits = limits
    this.#nameable = Math.max(leastNamed, bytes.length * mostNamings)
  }

  /** Counts what takes memory: spans, events, links, logs, points, exemplars and samples. */
  readonly countItem = (): void => {
    if (++this.#items > this.limits.items)
      throw new MicrologError('too-large', `Expected at most ${this.limits.items} items: send fewer at once`)
  }

  /** Counts bytes that an index named, and that were read for it. */
  countNamed(bytes: number): void {
    this.#nameable -= bytes
    if (this.#nameable < 0)
      throw new MicrologError(
        'too-large',
        'Expected indices that name fewer bytes: send fewer profiles at once'
      )
  }

  reject(reason: string, count = 1): void {
    this.sink.dropTimes()
    this.outcome.rejected += count
    if (this.outcome.message === '') this.outcome.message = reason
  }

  /** Whether the sink can keep a time; one that isn't set always. */
  admits(time: U64): boolean {
    return (time.high === 0 && time.low === 0) || (time.high < 0x80000000 && this.sink.admits(time))
  }

  time(target: U64): void {
    target.low = this.cursor.fixed64()
    target.high = this.cursor.high
  }

  /** False when the field has neither the id's length nor none. */
  id(target: Uint8Array): boolean {
    const { cursor } = this
    const end = cursor.enter()
    const from = cursor.position
    cursor.position = end
    if (end - from !== target.length) {
      target.fill(0)
      return end === from
    }
    copyId(cursor.bytes, from, target, 0, target.length)
    return true
  }

  /** The row of a string field. */
  text(): number {
    const { cursor } = this
    const end = cursor.enter()
    const from = cursor.position
    cursor.position = end
    return this.textOf(from, end)
  }

  textOf(from: number, to: number): number {
    const { bytes } = this.cursor
    if (to - from <= this.limits.valueBytes) return this.sink.texts.internUtf8(bytes, from, to)
    let cut = from + this.limits.valueBytes
    while (cut > from && (bytes[cut]! & 0xc0) === 0x80) cut--
    return this.sink.texts.intern(`${utf8.decode(bytes.subarray(from, cut))}…`)
  }

  /** A string of the profile dictionary; '' where there is none. */
  textAt(index: number): number {
    const from = this.strings[index * 2]
    if (from === undefined) return 0
    let rows = this.#stringRows.get(this.sink)
    if (!rows) this.#stringRows.set(this.sink, (rows = new Map()))
    let row = rows.get(index)
    if (row === undefined) {
      const to = this.strings[index * 2 + 1]!
      this.countNamed(to - from)
      rows.set(index, (row = this.textOf(from, to)))
    }
    return row
  }

  /** The same as text. @param longest bytes, what is behind them is cut */
  stringAt(index: number, longest = Infinity): string {
    const from = this.strings[index * 2] ?? 0
    const to = Math.min(this.strings[index * 2 + 1] ?? 0, from + longest)
    this.countNamed(to - from)
    return utf8.decode(this.cursor.bytes.subarray(from, to))
  }

  /**
   * The set of all attributes of the message being read, its first one coming now; the position is then behind the
   * run of them. Should more follow later they are in the set already, so a reader takes attributes only once.
   */
  attributes(tag: number): number {
    const { cursor } = this
    let taken = 0
    this.overflow = 0
    let behindRun = -1
    for (;;) {
      if (taken++ < this.limits.attributes) this.#keyValue()
      else {
        cursor.position = cursor.enter()
        this.overflow++
      }
      const next = cursor.position
      if (cursor.tag() === tag) continue
      cursor.position = next
      if (behindRun < 0) behindRun = next
      if (!this.#seek(tag)) break
    }
    cursor.position = behindRun
    return this.sink.attributes.close()
  }

  /** The set of all attributes of a message that lies elsewhere, with one entry more if given. */
  attributesIn({ from, to }: ByteRange, tag: number, extra?: { key: string; bytes: Uint8Array }): number {
    const { cursor } = this
    const { position, end } = cursor
    cursor.position = from
    cursor.end = to
    const { attributes, texts } = this.sink
    if (extra) attributes.add(texts.intern(extra.key), type.bytes, texts.addBlob(extra.bytes))
    this.overflow = 0
    const set = this.#seek(tag) ? this.attributes(tag) : attributes.close()
    cursor.position = position
    cursor.end = end
    return set
  }

  /** An AnyValue as a set of one entry without a key. */
  body(): number {
    this.#anyValue()
    this.sink.attributes.add(0, this.#valueType, this.#value)
    return this.sink.attributes.close()
  }

  /** A KeyValue of which the key is known already (KeyValueAndUnit). */
  value(key: number): void {
    this.#anyValue()
    this.sink.attributes.add(key, this.#valueType, this.#value)
  }

  /** Goes to the next field with that tag, behind it; false when there is none. */
  #seek(tag: number): boolean {
    const { cursor } = this
    for (let found = cursor.tag(); found !== 0; found = cursor.tag()) {
      if (found === tag) return true
      cursor.skip(found)
    }
    return false
  }

  #keyValue(): void {
    const { cursor, sink } = this
    const { end } = cursor
    const to = cursor.enter()
    const from = cursor.position
    const length = to - from
    const guess = this.#known.guess(sink)
    let { key, keyBytes } = guess
    if (length < keyBytes || !cursor.isSame(guess.from, from, keyBytes)) key = keyBytes = 0
    else if (
      length === guess.length &&
      cursor.isSame(guess.from + keyBytes, from + keyBytes, length - keyBytes)
    ) {
      cursor.position = to
      this.#known.follow(guess)
      sink.attributes.add(key, guess.type, guess.value)
      return
    }
    let isFirst = keyBytes === 0
    cursor.position = from + keyBytes
    cursor.end = to
    this.#valueType = type.empty
    this.#value = 0
    for (let tag = cursor.tag(); tag !== 0; tag = cursor.tag()) {
      if (tag === 0x0a) {
        key = this.text()
        keyBytes = isFirst ? cursor.position - from : 0
      } else if (tag === 0x12) this.#anyValue()
      else if (tag === 0x18) {
        key = this.textAt(cursor.varint32())
        keyBytes = 0
      } else cursor.skip(tag)
      isFirst = false
    }
    cursor.end = end
    sink.attributes.add(key, this.#valueType, this.#value)
    if (keyBytes > 0) this.#known.remember(from, length, keyBytes, key, this.#valueType, this.#value)
  }

  #anyValue(): void {
    const { cursor } = this
    const { end } = cursor
    cursor.end = cursor.enter()
    const from = cursor.position
    this.#valueType = type.empty
    this.#value = 0
    for (let tag = cursor.tag(); tag !== 0; tag = cursor.tag()) {
      switch (tag) {
        case 0x0a:
          this.#take(type.string, this.text())
          break
        case 0x10:
          this.#take(type.bool, cursor.varint32() === 0 ? 0 : 1)
          break
        case 0x18:
          this.#takeInteger(cursor.varint64(), cursor.high)
          break
        case 0x21:
          this.#take(type.double, cursor.double())
          break
        case 0x2a:
        case 0x32:
          cursor.position = from
          checkMessage(cursor, anyValue, this.limits, this.countItem)
          this.#takeNested(from, cursor.end)
          break
        case 0x3a:
          this.#take(type.bytes, this.#bytes())
          break
        case 0x40:
          this.#take(type.string, this.textAt(cursor.varint32()))
          break
        default:
          cursor.skip(tag)
      }
    }
    cursor.end = end
  }

  #take(valueType: ValueType, value: number): void {
    this.#valueType = valueType
    this.#value = value
  }

  #takeInteger(low: number, high: number): void {
    const signedHigh = high | 0
    const value = signedHigh * 0x100000000 + low
    if (Number.isSafeInteger(value)) this.#take(type.int, value)
    else {
      const exact = (BigInt(signedHigh) << 32n) | BigInt(low)
      this.#take(type.bigint, this.sink.texts.intern(String(exact)))
    }
  }

  #takeNested(from: number, to: number): void {
    const { texts } = this.sink
    const value = to - from > this.limits.valueBytes ? undefined : this.#nestedBytes(from, to)
    if (value === undefined) this.#take(type.string, texts.intern(`… (${to - from} bytes)`))
    else this.#take(type.nested, texts.addBlob(value))
  }

  /** A copy; undefined where strings of the dictionary make it too long. */
  #nestedBytes(from: number, to: number): Uint8Array | undefined {
    const bytes = this.cursor.bytes.slice(from, to)
    if (this.strings.length === 0) return bytes
    return resolveStrings(bytes, index => this.stringAt(index), this.limits.valueBytes)
  }

  #bytes(): number {
    const { cursor, limits } = this
    const end = cursor.enter()
    const from = cursor.position
    cursor.position = end
    if (end - from <= limits.valueBytes) return this.sink.texts.addBlob(cursor.bytes.slice(from, end))
    const cut = new Uint8Array(limits.valueBytes + ellipsis.length)
    cut.set(cursor.bytes.subarray(from, from + limits.valueBytes))
    cut.set(ellipsis, limits.valueBytes)
    return this.sink.texts.addBlob(cut)
  }
}
