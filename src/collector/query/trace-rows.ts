// The rows that segments have of traces, put together by the ids of these, in columns: there may be millions.
import { finishHash, hashSeed, mixInteger } from '../../recording/hash.ts'
import { unixMs } from '../store/unix-ms.ts'
import { inSteps, takeMemory } from './in-steps.ts'
import { idBytes } from './trace-parts.ts'
import type { TracePart } from './trace-parts.ts'

const wordsOfId = 4
/** Added between two looks at the clock. */
const rowsAStep = 256

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
  /** By trace. */
  readonly #ids: Int32Array
  /** Trace + 1; 0 where the slot is free. */
  readonly #slots: Int32Array

  private constructor(parts: readonly TracePart[], firstRow: Int32Array, memory: Memory) {
    this.parts = parts
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
    this.#ids = memory.ids
    this.#slots = memory.slots
  }

  static async of(parts: readonly TracePart[]): Promise<TraceRows> {
    const firstRow = new Int32Array(parts.length)
    let count = 0
    for (const [part, { footer }] of parts.entries()) {
      firstRow[part] = count
      count += footer.traces.length
    }
    const rows = new TraceRows(parts, firstRow, await memoryFor(count))
    for (const [part, { footer }] of parts.entries()) {
      const { length } = footer.traces
      const add = (step: number): void =>
        rows.#add(part, step * rowsAStep, Math.min(length, (step + 1) * rowsAStep))
      await inSteps(Math.ceil(length / rowsAStep), add, 1)
    }
    return rows
  }

  /** -1 where there is no such trace. @param traceId hex */
  find(traceId: string): number {
    const bytes = Buffer.from(traceId, 'hex')
    if (bytes.length !== idBytes) return -1
    const id = new DataView(bytes.buffer, bytes.byteOffset, idBytes)
    return this.#slots[slotOf(this.#slots, this.#ids, id, 0)]! - 1
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
    const epochMs = this.epochMs[part]!
    const view = new DataView(traces.id.buffer, traces.id.byteOffset, traces.id.byteLength)
    const { start, end, spans } = this
    for (let row = from; row < to; row++) {
      const trace = this.#traceAt(view, row * idBytes)
      const spansBefore = spans[trace]!
      const spansHere = traces.spans[row]!
      this.partOf[first + row] = part
      this.before[first + row] = this.lastRow[trace]!
      this.lastRow[trace] = first + row
      spans[trace] = spansBefore + spansHere
      this.errors[trace]! += traces.errors[row]!
      this.logs[trace]! += traces.logs[row]!
      this.samples[trace]! += traces.samples[row]!
      const began = epochMs + traces.start[row]! / 1e6
      if (!Number.isFinite(began) || (spansHere === 0 && spansBefore > 0)) continue
      const ended = began + traces.duration[row]! / 1e6
      const isFirst = spansHere > 0 && spansBefore === 0
      if (isFirst || began < start[trace]!) start[trace] = began
      if (isFirst || ended > end[trace]!) end[trace] = ended
    }
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
    this.start[trace] = Infinity
    this.end[trace] = -Infinity
    return trace
  }
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
