import type { ProfileRow, StackTables, U64 } from '../../otlp/sink.ts'
import type { RecordingBuilder } from '../../recording/recording-builder.ts'
import { StackRows } from './stack-rows.ts'
import { addRow, tableColumns } from './table-columns.ts'

/** Takes profiles into a recording's tables: heads, samples, and the trie of stacks that they name. */
export class ProfileRows {
  readonly #builder: RecordingBuilder
  readonly #time: (time: U64) => number
  readonly #stackRows = new Map<StackTables, StackRows>()
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
    samples.reserve(row.samples.reduce((sum, { count }) => sum + count, 0))
    const columns = tableColumns(samples)
    const stackRows = this.#stackRowsOf(row.tables)
    const time = { low: 0, high: 0 }
    for (const sample of row.samples) {
      const { count, times, values } = sample
      const stack = sample.stack < 0 ? -1 : stackRows.rowOf(sample.stack)
      const link = this.#linkRow(sample.traceId, sample.spanId)
      for (let i = 0; i < count; i++) {
        const at = addRow(samples)
        time.low = times[i * 2] ?? 0
        time.high = times[i * 2 + 1] ?? 0
        columns.time.array[at] = this.#time(time)
        columns.stack.array[at] = stack
        columns.link.array[at] = link
        columns.profile.array[at] = profile
        columns.value.array[at] = values[i] ?? 1
        columns.attributes.array[at] = sample.attributes
      }
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

  #stackRowsOf(tables: StackTables): StackRows {
    let rows = this.#stackRows.get(tables)
    if (!rows) this.#stackRows.set(tables, (rows = new StackRows(this.#builder, tables)))
    return rows
  }
}
