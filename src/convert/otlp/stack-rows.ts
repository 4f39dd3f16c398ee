import type { StackTables } from '../../otlp/sink.ts'
import type { GrowingTable } from '../../recording/growing-table.ts'
import type { RecordingBuilder } from '../../recording/recording-builder.ts'
import { addRow, tableColumns } from './table-columns.ts'
import type { TableColumns } from './table-columns.ts'

/** Rows of a recording's frames and stacks by those of one dictionary, each interned once. */
export class StackRows {
  readonly #builder: RecordingBuilder
  readonly #tables: StackTables
  readonly #stacks: GrowingTable<'stacks'>
  readonly #columns: TableColumns<'stacks'>
  readonly #stackRows = new Map<number, number>()
  readonly #frameRows: number[] = []
  /** The stack before, and the rows of its calls: the next one mostly begins with the same ones. */
  #lastFrames: Uint32Array = new Uint32Array(0)
  readonly #lastRows: number[] = []

  constructor(builder: RecordingBuilder, tables: StackTables) {
    this.#builder = builder
    this.#tables = tables
    this.#stacks = builder.table('stacks')
    this.#columns = tableColumns(this.#stacks)
  }

  rowOf(stack: number): number {
    let row = this.#stackRows.get(stack)
    if (row === undefined) this.#stackRows.set(stack, (row = this.#intern(this.#tables.stacks.get(stack)!)))
    return row
  }

  #intern(frames: Uint32Array): number {
    const shared = sharedLength(frames, this.#lastFrames)
    let parent = shared === 0 ? -1 : this.#lastRows[shared - 1]!
    for (let depth = shared; depth < frames.length; depth++) {
      const frame = this.#frameRow(frames[depth]!)
      const row = addRow(this.#stacks)
      this.#columns.frame.array[row] = frame
      this.#columns.parent.array[row] = parent
      this.#lastRows[depth] = parent = this.#stacks.internLast()
    }
    this.#lastFrames = frames
    return parent
  }

  #frameRow(index: number): number {
    return (this.#frameRows[index] ??= this.#builder.intern('frames', this.#tables.frames[index]!))
  }
}

function sharedLength(a: Uint32Array, b: Uint32Array): number {
  const longest = Math.min(a.length, b.length)
  let length = 0
  while (length < longest && a[length] === b[length]) length++
  return length
}
