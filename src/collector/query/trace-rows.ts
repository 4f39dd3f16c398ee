// The rows that segments have of traces, put together by the ids of these, in columns: there may be millions.
import { finishHash, hashSeed, mixInteger } from '../../recording/hash.ts'
import { unixMs } from '../store/unix-ms.ts'
import type { TraceColumns } from '../../format/index.ts'
import { tablesInSteps, takeMemory } from './in-steps.ts'
import { idBytes } from './trace-parts.ts'
import type { TracePart } from './trace-parts.ts'

const wordsOfId = 4

/** Rows of all parts are numbered through. Traces are in the order in which their first rows came. */
export class TraceRows {
  /** Traces. */
  length = 0
  /**
   * By trace, over all its rows. Unix ms: Infinity and -Infinity where none has a time. Those of its spans, where it has
   * any: samples and logs go on to name a trace whose context somebody kept, long after it has ended.
   */
  readonly start: Float64Array
  readonly end: Float64Array
  readonly spans: Uint32Array
  readonly errors: Uint32Array
  readonly logs: Uint32Array
  readonly samples: Uint32Array
  /** By trace: its last row. */
  readonly lastRow: Int32Array
  /** By row: the one before it that is of the same trace, -1 for none, and its part. */
  readonly before: Int32Array
  readonly partOf: Int32Array
  /** By part: its first row, and when its time begins, in Unix ms. */
  readonly firstRow: Int32Array
  readonly epochMs: Float64Array
  readonly parts: readonly TracePart[]
  /** Rows. */
  readonly #count: number
  /** All columns by their names. */
  readonly #memory: Memory
  /** By trace. */
  readonly #ids: Int32Array
  /** Trace + 1; 0 where the slot is free. */
  readonly #slots: Int32Array

  private constructor(parts: readonly TracePart[], firstRow: Int32Array, count: number, memory: Memory) {
    this.parts = parts
    this.#count = count
    this.firstRow = firstRow
    this.epochMs = Float64Array.from(parts, ({ footer }) => unixMs(footer, 0))
    this.start = memory.start
    this.end = memory.end
    this.spans = memory.spans
    this.errors = memory.errors
    this.logs = memory.logs
    this.samples = memory.samples
    this.lastRow = memory.lastRow
    this.before = memory.before
    this.partOf = memory.partOf
    this.#memory = memory
    this.#ids = memory.ids
    this.#slots = memory.slots
  }

  /** @param earlier those of other parts: what the first ones of both say isn't put together again */
  static async of(parts: readonly TracePart[], earlier?: TraceRows): Promise<TraceRows> {
    const firstRow = new Int32Array(parts.length)
    let count = 0
    for (const [part, { footer }] of parts.entries()) {
      firstRow[part] = count
      count += footer.traces.length
    }
    const memory = await memoryFor(Math.max(count, earlier ? earlier.#count : 0))
    const rows = new TraceRows(parts, firstRow, count, memory)
    const first = earlier ? await rows.#takeOver(earlier) : 0
    const lengths = parts.slice(first).map(({ footer }) => footer.traces.length)
    await tablesInSteps(lengths, (added, from, to) => rows.#add(first + added, from, to))
    return rows
  }

  /** -1 where there is no such trace. @param traceId hex */
  find(traceId: string): number {
    const bytes = Buffer.from(traceId, 'hex')
    if (bytes.length !== idBytes) return -1
    return this.#slots[slotOf(this.#slots, this.#ids, viewOf(bytes), 0)]! - 1
  }

  /** Unix ms; NaN where the row has none. */
  startOf(row: number): number {
    const part = this.partOf[row]!
    return this.epochMs[part]! + this.parts[part]!.footer.traces.start[row - this.firstRow[part]!]! / 1e6
  }

  /** Rows of a part from one up to, not including, another. */
  #add(part: number, from: number, to: number): void {
    const { traces } = this.parts[part]!.footer
    const first = this.firstRow[part]!
    const view = viewOf(traces.id)
    for (let row = from; row < to; row++) {
      const trace = this.#traceAt(view, row * idBytes)
      this.partOf[first + row] = part
      this.before[first + row] = this.lastRow[trace]!
      this.lastRow[trace] = first + row
      this.#sum(trace, traces, row, this.epochMs[part]!)
    }
  }

  #sum(trace: number, traces: TraceColumns, row: number, epochMs: number): void {
    const spansBefore = this.spans[trace]!
    const spansHere = traces.spans[row]!
    this.spans[trace] = spansBefore + spansHere
    this.errors[trace]! += traces.errors[row]!
    this.logs[trace]! += traces.logs[row]!
    this.samples[trace]! += traces.samples[row]!
    const began = epochMs + traces.start[row]! / 1e6
    if (!Number.isFinite(began) || (spansHere === 0 && spansBefore > 0)) return
    const ended = began + traces.duration[row]! / 1e6
    const isFirst = spansHere > 0 && spansBefore === 0
    if (isFirst || began < this.start[trace]!) this.start[trace] = began
    if (isFirst || ended > this.end[trace]!) this.end[trace] = ended
  }

  /** The trace of an id, a new one where it wasn't known. */
  #traceAt(view: DataView, at: number): number {
    const slot = slotOf(this.#slots, this.#ids, view, at)
    const known = this.#slots[slot]! - 1
    if (known >= 0) return known
    const trace = this.length++
    this.#slots[slot] = trace + 1
    for (let word = 0; word < wordsOfId; word++)
      this.#ids[trace * wordsOfId + word] = view.getInt32(at + word * 4)
    this.lastRow[trace] = -1
    this.#forgetSums(trace)
    return trace
  }

  #forgetSums(trace: number): void {
    this.start[trace] = Infinity
    this.end[trace] = -Infinity
    this.spans[trace] = 0
    this.errors[trace] = 0
    this.logs[trace] = 0
    this.samples[trace] = 0
  }

  /** Copies what the first parts of both say; how many these are. */
  async #takeOver(earlier: TraceRows): Promise<number> {
    if (earlier.#slots.length !== this.#slots.length) return 0
    let parts = 0
    while (parts < earlier.parts.length && earlier.parts[parts]!.footer === this.parts[parts]?.footer) parts++
    if (parts === 0) return 0
    const names = Object.keys(this.#memory) as (keyof Memory)[]
    await copyInSteps(names.map(name => [earlier.#memory[name], this.#memory[name]]))
    this.length = earlier.length
    // The last first: so a trace that only they know is the last one, and found by the same steps as when it came.
    const gone = earlier.parts.slice(parts).reverse()
    const lengths = gone.map(({ footer }) => footer.traces.length)
    await tablesInSteps(lengths, (table, from, to) =>
      this.#takeBack(earlier, earlier.parts.length - 1 - table, lengths[table]! - to, lengths[table]! - from)
    )
    return parts
  }

  /** Rows of a part of what was there earlier, as `#add` has them, the last first. */
  #takeBack(earlier: TraceRows, part: number, from: number, to: number): void {
    const view = viewOf(earlier.parts[part]!.footer.traces.id)
    const firstRow = earlier.firstRow[part]!
    for (let row = to - 1; row >= from; row--) {
      const slot = slotOf(this.#slots, this.#ids, view, row * idBytes)
      const trace = this.#slots[slot]! - 1
      const before = earlier.before[firstRow + row]!
      this.lastRow[trace] = before
      if (before >= 0) this.#sumUp(trace, earlier)
      else {
        this.#slots[slot] = 0
        this.length--
      }
    }
  }

  /** Anew, of rows that may be among those that are yet to be taken back. */
  #sumUp(trace: number, { before, partOf, parts, firstRow, epochMs }: TraceRows): void {
    const rows: number[] = []
    for (let row = this.lastRow[trace]!; row >= 0; row = before[row]!) rows.push(row)
    this.#forgetSums(trace)
    for (const row of rows.reverse()) {
      const part = partOf[row]!
      this.#sum(trace, parts[part]!.footer.traces, row - firstRow[part]!, epochMs[part]!)
    }
  }
}

type Numbers = Float64Array | Uint32Array | Int32Array

const copiedAStep = 64 * 1024

/** The first of each pair to the second, as far as there is room. */
function copyInSteps(columns: readonly (readonly [Numbers, Numbers])[]): Promise<void> {
  const lengths = columns.map(([from, to]) => Math.min(from.length, to.length))
  const copy = (column: number, first: number, end: number): void => {
    const [from, to] = columns[column]!
    to.set(from.subarray(first, end), first)
  }
  return tablesInSteps(lengths, copy, copiedAStep)
}

function viewOf(id: Uint8Array): DataView {
  return new DataView(id.buffer, id.byteOffset, id.byteLength)
}

/** Of the trace with the id that begins there, or a free one. */
function slotOf(slots: Int32Array, ids: Int32Array, view: DataView, at: number): number {
  const a = view.getInt32(at)
  const b = view.getInt32(at + 4)
  const c = view.getInt32(at + 8)
  const d = view.getInt32(at + 12)
  const mask = slots.length - 1
  const hash = finishHash(mixInteger(mixInteger(mixInteger(mixInteger(hashSeed, a), b), c), d))
  for (let slot = hash & mask; ; slot = (slot + 1) & mask) {
    const known = (slots[slot]! - 1) * wordsOfId
    if (known < 0) return slot
    if (ids[known] === a && ids[known + 1] === b && ids[known + 2] === c && ids[known + 3] === d) return slot
  }
}

type Memory = Awaited<ReturnType<typeof memoryFor>>

async function memoryFor(rows: number) {
  const slots = 2 ** Math.ceil(Math.log2(Math.max(64, rows * 2)))
  const times = async (): Promise<Float64Array> => new Float64Array(await takeMemory(rows * 8))
  const numbers = async (): Promise<Uint32Array> => new Uint32Array(await takeMemory(rows * 4))
  const places = async (count = rows): Promise<Int32Array> => new Int32Array(await takeMemory(count * 4))
  return {
    start: await times(),
    end: await times(),
    spans: await numbers(),
    errors: await numbers(),
    logs: await numbers(),
    samples: await numbers(),
    partOf: await places(),
    lastRow: await places(),
    before: await places(),
    ids: await places(rows * wordsOfId),
    slots: await places(slots)
  }
}
