import { badIndex, oldWire } from './profile-tables.ts'
import type { EntryRanges } from './profile-tables.ts'
import type { RequestReader } from './request-reader.ts'
import type { OtlpSink } from './sink.ts'

export interface FoundAttributes {
  /** Row of the sink's sets. */
  set: number
  /** False where one has a unit, which sets can't hold. */
  plain: boolean
  /** Beyond the limit. */
  overflow: number
}

/** Resolves lists of attribute indices, each list once for each sink. */
export class ProfileAttributes {
  readonly #reader: RequestReader
  readonly #table: EntryRanges
  readonly #known = new Map<OtlpSink, Map<string, FoundAttributes>>()

  constructor(reader: RequestReader, table: EntryRanges) {
    this.#reader = reader
    this.#table = table
  }

  /** @param add an entry more, by the caller, before the set is closed */
  set(indices: readonly number[], add?: () => void): FoundAttributes {
    const { sink, limits } = this.#reader
    let known = this.#known.get(sink)
    if (!known) this.#known.set(sink, (known = new Map()))
    const key = `${add ? '+' : ''}${indices.join()}`
    const cached = known.get(key)
    if (cached) return cached
    const found: FoundAttributes = { set: 0, plain: true, overflow: 0 }
    for (const index of indices) if (index * 2 >= this.#table.length) throw badIndex(`attribute ${index}`)
    indices.forEach((index, at) => {
      if (at < limits.attributes) this.#add(index, found)
      else found.overflow++
    })
    add?.()
    found.set = sink.attributes.close()
    known.set(key, found)
    return found
  }

  /** The text of a string, or also of an integer, with that key; undefined where the entry is something else. */
  text(index: number, wantedKey: string, kind: 'any' | 'string' = 'any'): string | undefined {
    const { cursor } = this.#reader
    let isWanted = false
    let from = 0
    let to = 0
    this.#read(index, tag => {
      if (tag === 0x08) isWanted = this.#stringAt(cursor.varint32()) === wantedKey
      else if (tag === 0x12) {
        to = cursor.enter()
        from = cursor.position
        cursor.position = to
      } else return false
      return true
    })
    return isWanted ? this.#valueText(from, to, kind) : undefined
  }

  #add(index: number, found: FoundAttributes): void {
    const { cursor } = this.#reader
    let key = 0
    let valueAt = -1
    this.#read(index, tag => {
      if (tag === 0x08) key = this.#reader.textAt(this.#checkedString(cursor.varint32()))
      else if (tag === 0x12) {
        valueAt = cursor.position
        cursor.position = cursor.enter()
      } else if (tag === 0x18) found.plain = cursor.varint32() === 0 && found.plain
      else if (tag === 0x0a) throw oldWire()
      else return false
      return true
    })
    if (valueAt < 0) {
      this.#reader.sink.attributes.add(key, 0, 0)
      return
    }
    this.#read(index, tag => {
      if (tag !== 0x12) return false
      this.#reader.value(key)
      return true
    })
  }

  #valueText(from: number, to: number, kind: 'any' | 'string'): string | undefined {
    const { cursor } = this.#reader
    const { position, end } = cursor
    cursor.position = from
    cursor.end = to
    let text: string | undefined
    for (let tag = cursor.tag(); tag !== 0; tag = cursor.tag()) {
      if (tag === 0x0a) {
        const textEnd = cursor.enter()
        text = utf8.decode(cursor.bytes.subarray(cursor.position, textEnd))
        cursor.position = textEnd
      } else if (tag === 0x18 && kind === 'any') {
        const low = cursor.varint64()
        text = String((cursor.high | 0) * 0x100000000 + low)
      } else cursor.skip(tag)
    }
    cursor.position = position
    cursor.end = end
    return text
  }

  #stringAt(index: number): string {
    return this.#reader.stringAt(this.#checkedString(index))
  }

  #checkedString(index: number): number {
    if (index !== 0 && index * 2 >= this.#reader.strings.length) throw badIndex(`string ${index}`)
    return index
  }

  #read(index: number, read: (tag: number) => boolean): void {
    if (index * 2 >= this.#table.length) throw badIndex(`attribute ${index}`)
    const { cursor } = this.#reader
    const { position, end } = cursor
    cursor.position = this.#table[index * 2]!
    cursor.end = this.#table[index * 2 + 1]!
    this.#reader.countNamed(cursor.end - cursor.position)
    for (let tag = cursor.tag(); tag !== 0; tag = cursor.tag()) if (!read(tag)) cursor.skip(tag)
    cursor.position = position
    cursor.end = end
  }
}

const utf8 = new TextDecoder()
