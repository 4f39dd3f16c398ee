import { AttributeBuilder } from './attribute-builder.ts'
import { GrowingTable } from './growing-table.ts'
import { internedTables, schema } from './schema.ts'
import type { InternedTableName, Recording, Row, TableName } from './schema.ts'
import { StringBuilder } from './string-builder.ts'

export const tableNames = Object.keys(schema) as TableName[]

/** Arrays among the attributes of a resource or span; requests kept as they came are larger. */
const sharedBlobBytes = 1024

/** Frozen, and the same for all recordings. */
const emptyTables = new Map(tableNames.map(name => [name, new GrowingTable<TableName>(name).finish()]))

const noId = { traceId: new Uint8Array(16), spanId: new Uint8Array(8) }

/** A recording that grows. Ingest, import, merging and fixtures all fill one; `snapshot` freezes what is there. */
export class RecordingBuilder {
  #epoch: bigint
  readonly strings = new StringBuilder()
  readonly sets = new AttributeBuilder()
  #blobs: Uint8Array[] = []
  readonly #smallBlobs = new Map<string, number>()
  /** Those that were asked for: a request may name thousands of senders, each of which fills two or three. */
  readonly #tables = new Map<TableName, GrowingTable<TableName>>()

  /** @param epoch Unix time in ns that the time columns count from */
  constructor(epoch: bigint) {
    this.#epoch = epoch
    this.table('links').intern(noId)
  }

  get epoch(): bigint {
    return this.#epoch
  }

  /** Forgets everything and begins another recording, in the room that the one before took. */
  restart(epoch: bigint): void {
    this.#epoch = epoch
    this.strings.clear()
    this.sets.clear()
    this.#blobs = []
    this.#smallBlobs.clear()
    for (const table of this.#tables.values()) table.clear()
    this.table('links').intern(noId)
  }

  table<Name extends TableName>(name: Name): GrowingTable<Name> {
    let table = this.#tables.get(name)
    if (!table) this.#tables.set(name, (table = new GrowingTable<TableName>(name)))
    return table as unknown as GrowingTable<Name>
  }

  push<Name extends Exclude<TableName, InternedTableName>>(name: Name, row: Row<Name>): number {
    return this.table(name).push(row)
  }

  intern<Name extends InternedTableName>(name: Name, row: Row<Name>): number {
    return this.table(name).intern(row)
  }

  /** Keeps the bytes, without a copy; small ones that are there already are shared, so that equal sets stay equal. */
  addBlob(bytes: Uint8Array): number {
    if (bytes.length > sharedBlobBytes) return this.#blobs.push(bytes) - 1
    const key = String.fromCharCode(...bytes)
    const known = this.#smallBlobs.get(key)
    if (known !== undefined) return known
    const row = this.#blobs.push(bytes) - 1
    this.#smallBlobs.set(key, row)
    return row
  }

  get blobs(): readonly Uint8Array[] {
    return this.#blobs
  }

  snapshot(): Recording {
    return this.#freeze(part => part.snapshot())
  }

  /** What a snapshot gives, without a copy of the rows: nothing may be added any more. */
  finish(): Recording {
    return this.#freeze(part => part.finish())
  }

  #freeze(rowsOf: (part: GrowingTable<TableName> | AttributeBuilder) => object): Recording {
    const tables = Object.fromEntries(
      tableNames.map(name => {
        const table = this.#tables.get(name)
        return [name, table ? rowsOf(table) : emptyTables.get(name)]
      })
    )
    return Object.freeze({
      epoch: this.epoch,
      strings: this.strings.snapshot(),
      blobs: Object.freeze(this.#blobs.slice()),
      sets: rowsOf(this.sets),
      ...tables
    }) as unknown as Recording
  }
}

export function isInterned(name: TableName): name is InternedTableName {
  return (internedTables as readonly string[]).includes(name)
}
