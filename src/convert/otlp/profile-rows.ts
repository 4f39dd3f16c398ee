import type { ProfileRow, StackTables, U64 } from '../../otlp/sink.ts'
import type { RecordingBuilder } from '../../recording/recording-builder.ts'
import { addRow, tableColumns } from './table-columns.ts'

/** Takes profiles into a recording's tables: heads, samples, and the trie of stacks that they name. */
export class ProfileRows {
  readonly #builder: RecordingBuilder
  readonly #time: (time: U64) => number
  /** Rows of the recording's stacks by the dictionary's. */
  readonly #stackRows = new Map<StackTables, Map<number, number>>()
  /** By the array of the span id: samples of one link share theirs. */
  readonly #linkRows = new Map<Uint8Array, number>()
  readonly #originals = new Map<Uint8Array, number>()

  constructor(builder: RecordingBuilder, time: (time: U64) => number) {
    this.#builder = builder
    this.#time = time
  }

  add(row: ProfileRow, resource: number, scope: number): void {
    const builder = this.#builder
    const profile = builder.push('profiles', {
      resource,
      scope,
      thread: builder.intern('threads', { id: row.threadId, name: row.threadName, resource }),
      time: this.#time(row.time),
      duration: row.durationNano,
      sampleType: row.sampleType,
      sampleUnit: row.sampleUnit,
      periodType: row.periodType,
      periodUnit: row.periodUnit,
      period: row.period,
      profileId: row.profileId.length === 0 ? -1 : builder.addBlob(row.profileId),
      attributes: row.attributes,
      droppedAttributes: row.droppedAttributes,
      original: row.original ? this.#original(row.original) : -1
    })
    const samples = builder.table('samples')
    samples.reserve(row.samples.length)
    const columns = tableColumns(samples)
    for (const { stack, traceId, spanId, time, value, attributes } of row.samples) {
      const at = addRow(samples)
      columns.time.array[at] = this.#time(time)
      columns.stack.array[at] = stack < 0 ? -1 : this.#stackRow(row.tables, stack)
      columns.link.array[at] = this.#linkRow(traceId, spanId)
      columns.profile.array[at] = profile
      columns.value.array[at] = value
      columns.attributes.array[at] = attributes
    }
  }

  #linkRow(traceId: Uint8Array, spanId: Uint8Array): number {
    let row = this.#linkRows.get(spanId)
    if (row === undefined) {
      row = this.#builder.intern('links', { traceId, spanId })
      this.#linkRows.set(spanId, row)
    }
    return row
  }

  #original(bytes: Uint8Array): number {
    let blob = this.#originals.get(bytes)
    if (blob === undefined) this.#originals.set(bytes, (blob = this.#builder.addBlob(bytes)))
    return blob
  }

  #stackRow(tables: StackTables, stack: number): number {
    let rows = this.#stackRows.get(tables)
    if (!rows) this.#stackRows.set(tables, (rows = new Map()))
    const known = rows.get(stack)
    if (known !== undefined) return known
    let parent = -1
    for (const index of tables.stacks.get(stack)!) {
      const frame = this.#builder.intern('frames', { ...tables.frames[index]! })
      parent = this.#builder.intern('stacks', { frame, parent })
    }
    rows.set(stack, parent)
    return parent
  }
}
