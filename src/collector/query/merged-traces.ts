// All traces of a store: segments, of one process each, tell of parts of them. They are put together in columns, since
// there may be millions.
import { setImmediate } from 'node:timers/promises'
import { finishHash, hashSeed, mixInteger } from '../../recording/hash.ts'
import { traceIdAt } from '../../recording/ids.ts'
import type { TraceDetail } from '../api.ts'
import { inSteps } from './in-steps.ts'
import { SharedTexts } from './shared-texts.ts'
import { idBytes } from './trace-parts.ts'
import type { TracePart } from './trace-parts.ts'
import { unixMs } from '../store/unix-ms.ts'

/** By trace: which part names it, -1 for none, and the row of its footer. */
export interface NamingRows {
  readonly part: Int32Array
  readonly row: Int32Array
}

const wordsOfId = 4

export class MergedTraces {
  /** Traces. Rows are in the order in which their first parts came. */
  length = 0
  /**
   * Over all parts of each trace. Unix ms: Infinity and -Infinity where no part has a time. Those of its spans, where it has
   * any: samples and logs go on to name a trace whose context somebody kept, long after it has ended.
   */
  readonly start: Float64Array
  readonly end: Float64Array
  readonly spans: Uint32Array
  readonly errors: Uint32Array
  readonly logs: Uint32Array
  readonly samples: Uint32Array
  readonly #parts: readonly TracePart[]
  readonly #epochMs: Float64Array
  /** All rows of all parts are numbered through: their first ones, and of each its part. */
  readonly #firstRow: Int32Array
  readonly #partOf: Int32Array
  /** Of each trace its last row; of each row the one before it that is of the same trace, -1 for none. */
  readonly #lastRow: Int32Array
  readonly #before: Int32Array
  readonly #ids: Int32Array
  #naming: Promise<NamingRows> | undefined
  #names: Promise<NumberedTexts> | undefined
  #services: Promise<NumberedTexts> | undefined
  /** Trace + 1; 0 where the slot is free. */
  readonly #slots: Int32Array

  private constructor(parts: readonly TracePart[], firstRow: Int32Array, rows: Rows) {
    this.#parts = parts
    this.#epochMs = Float64Array.from(parts, ({ footer }) => unixMs(footer, 0))
    this.#firstRow = firstRow
    this.start = rows.start
    this.end = rows.end
    this.spans = rows.spans
    this.errors = rows.errors
    this.logs = rows.logs
    this.samples = rows.samples
    this.#partOf = rows.partOf
    this.#lastRow = rows.lastRow
    this.#before = rows.before
    this.#ids = rows.ids
    this.#slots = rows.slots
  }

  static async of(parts: readonly TracePart[]): Promise<MergedTraces> {
    const firstRow = new Int32Array(parts.length)
    let rows = 0
    for (const [part, { footer }] of parts.entries()) {
      firstRow[part] = rows
      rows += footer.traces.length
    }
    const merged = new MergedTraces(parts, firstRow, memoryFor(rows))
    // To get the memory for a million takes its time already.
    await setImmediate()
    for (const [part, { footer }] of parts.entries()) {
      const { id, length } = footer.traces
      const view = new DataView(id.buffer, id.byteOffset, id.byteLength)
      await inSteps(length, row => merged.#add(part, row, view))
    }
    return merged
  }

  id(trace: number): string {
    const row = this.#lastRow[trace]!
    const part = this.#partOf[row]!
    return traceIdAt(this.#parts[part]!.footer.traces.id, row - this.#firstRow[part]!)
  }

  /** Of its root span, else of the earliest one; '' where none is known. */
  describe(trace: number): { service: string; name: string } {
    const number = this.#namingRow(trace)
    if (number < 0) return { service: '', name: '' }
    const part = this.#partOf[number]!
    const row = number - this.#firstRow[part]!
    const { service, name } = this.#parts[part]!.footer.traces
    return { service: service[row]!, name: name[row]! }
  }

  /** Whether the name that `describe` gives is as asked. */
  async nameTest(fits: (name: string) => boolean): Promise<(trace: number) => boolean> {
    const { shared, row } = await (this.#names ??= numbered(this.length, trace => this.name(trace)))
    const fitting = await shared.those(fits)
    return trace => fitting[row[trace]!] === 1
  }

  /** Whether one of the services of its spans is as asked. */
  async serviceTest(fits: (service: string) => boolean): Promise<(trace: number) => boolean> {
    const { shared, row } = await (this.#services ??= numbered(this.#partOf.length, number =>
      this.#service(number)
    ))
    const fitting = await shared.those(fits)
    return trace => {
      for (let number = this.#lastRow[trace]!; number >= 0; number = this.#before[number]!) {
        if (row[number]! >= 0 && fitting[row[number]!] === 1) return true
      }
      return false
    }
  }

  /** The name that `describe` gives, without an object: a million are asked for theirs. */
  name(trace: number): string {
    const number = this.#namingRow(trace)
    if (number < 0) return ''
    const part = this.#partOf[number]!
    return this.#parts[part]!.footer.traces.name[number - this.#firstRow[part]!]!
  }

  /** Where the footer stands that tells of the span that `describe` tells of, and its row in the segment; part -1 for none. */
  placeOf(trace: number): { part: number; row: number } {
    const number = this.#namingRow(trace)
    const part = number < 0 ? -1 : this.#partOf[number]!
    if (part < 0) return { part, row: -1 }
    return { part, row: this.#parts[part]!.onlyRow ?? number - this.#firstRow[part]! }
  }

  /** The same of all traces, put together once. */
  naming(): Promise<NamingRows> {
    return (this.#naming ??= this.#findNaming())
  }

  async #findNaming(): Promise<NamingRows> {
    const naming = { part: new Int32Array(this.length), row: new Int32Array(this.length) }
    await inSteps(this.length, trace => {
      const { part, row } = this.placeOf(trace)
      naming.part[trace] = part
      naming.row[trace] = row
    })
    return naming
  }

  /** Where the span lies that `describe` tells of: from the first to the last of its trace there, in ns since the epoch there. */
  namedIn(trace: number): { recording: string; segment: string; from: number; to: number } | undefined {
    const number = this.#namingRow(trace)
    if (number < 0) return undefined
    const { recording, segment, footer } = this.#parts[this.#partOf[number]!]!
    const row = number - this.#firstRow[this.#partOf[number]!]!
    const from = footer.traces.start[row]!
    return { recording, segment, from, to: from + footer.traces.duration[row]! }
  }

  /** Undefined where a row has no spans, which its service would be that of. */
  #service(number: number): string | undefined {
    const part = this.#partOf[number]!
    const row = number - this.#firstRow[part]!
    const { spans, service } = this.#parts[part]!.footer.traces
    return spans[row]! > 0 ? service[row] : undefined
  }

  detail(trace: number): TraceDetail {
    const [start, end] = [this.start[trace]!, this.end[trace]!]
    const segments = this.#partsOf(trace).map(part => {
      const { recording, segment } = this.#parts[part]!
      return { recording, segment }
    })
    const durationMs = Number.isFinite(start) ? end - start : 0
    return {
      traceId: this.id(trace),
      ...this.describe(trace),
      start,
      durationMs,
      spans: this.spans[trace]!,
      errors: this.errors[trace]!,
      logs: this.logs[trace]!,
      samples: this.samples[trace]!,
      segments
    }
  }

  /** Ids of the segments that tell of some traces. */
  async segmentsOf(traces: Int32Array): Promise<Set<string>> {
    const found = new Uint8Array(this.#parts.length)
    await inSteps(traces.length, index => {
      for (let number = this.#lastRow[traces[index]!]!; number >= 0; number = this.#before[number]!) {
        found[this.#partOf[number]!] = 1
      }
    })
    return new Set(this.#parts.filter((_, part) => found[part] === 1).map(({ segment }) => segment))
  }

  /** -1 where there is no such trace. @param traceId hex */
  find(traceId: string): number {
    const bytes = Buffer.from(traceId, 'hex')
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    return bytes.length === 16 ? this.#slots[this.#slotOf(view, 0)]! - 1 : -1
  }

  #add(part: number, row: number, view: DataView): void {
    const number = this.#firstRow[part]! + row
    const slot = this.#slotOf(view, row * idBytes)
    let trace = this.#slots[slot]! - 1
    if (trace < 0) {
      trace = this.length++
      this.#slots[slot] = trace + 1
      for (let word = 0; word < wordsOfId; word++) {
        this.#ids[trace * wordsOfId + word] = view.getInt32(row * idBytes + word * 4)
      }
      this.#lastRow[trace] = -1
      this.start[trace] = Infinity
      this.end[trace] = -Infinity
    }
    this.#partOf[number] = part
    this.#before[number] = this.#lastRow[trace]!
    this.#lastRow[trace] = number
    this.#sum(trace, part, row)
  }

  /** Of the trace with the id that begins there, or a free one. */
  #slotOf(view: DataView, at: number): number {
    const a = view.getInt32(at)
    const b = view.getInt32(at + 4)
    const c = view.getInt32(at + 8)
    const d = view.getInt32(at + 12)
    const ids = this.#ids
    const mask = this.#slots.length - 1
    const hash = finishHash(mixInteger(mixInteger(mixInteger(mixInteger(hashSeed, a), b), c), d))
    for (let slot = hash & mask; ; slot = (slot + 1) & mask) {
      const known = (this.#slots[slot]! - 1) * wordsOfId
      if (known < 0) return slot
      if (ids[known] === a && ids[known + 1] === b && ids[known + 2] === c && ids[known + 3] === d)
        return slot
    }
  }

  #sum(trace: number, part: number, row: number): void {
    const { traces } = this.#parts[part]!.footer
    const spans = traces.spans[row]!
    const before = this.spans[trace]!
    this.spans[trace] = before + spans
    this.errors[trace]! += traces.errors[row]!
    this.logs[trace]! += traces.logs[row]!
    this.samples[trace]! += traces.samples[row]!
    const start = this.#startOf(part, row)
    if (!Number.isFinite(start) || (spans === 0 && before > 0)) return
    if (spans > 0 && before === 0) {
      this.start[trace] = Infinity
      this.end[trace] = -Infinity
    }
    if (start < this.start[trace]!) this.start[trace] = start
    const end = start + traces.duration[row]! / 1e6
    if (end > this.end[trace]!) this.end[trace] = end
  }

  /** -1 where no part has spans. */
  #namingRow(trace: number): number {
    const last = this.#lastRow[trace]!
    if (this.#before[last]! < 0) return this.spans[trace]! > 0 ? last : -1
    let naming = -1
    let rooted = false
    let named = Infinity
    // From the last part to the first: of equals the first one names it.
    for (let number = last; number >= 0; number = this.#before[number]!) {
      const part = this.#partOf[number]!
      const row = number - this.#firstRow[part]!
      const { traces } = this.#parts[part]!.footer
      if (traces.spans[row] === 0) continue
      const root = traces.root[row] === 1
      const start = this.#startOf(part, row)
      if (!((root && !rooted) || (root === rooted && start <= named))) continue
      naming = number
      rooted = root
      named = start
    }
    return naming
  }

  #startOf(part: number, row: number): number {
    return this.#epochMs[part]! + this.#parts[part]!.footer.traces.start[row]! / 1e6
  }

  /** In their order. */
  #partsOf(trace: number): number[] {
    const parts: number[] = []
    for (let number = this.#lastRow[trace]!; number >= 0; number = this.#before[number]!)
      parts.push(this.#partOf[number]!)
    return parts.reverse()
  }
}

type Rows = ReturnType<typeof memoryFor>

/** In one piece: V8 may look through all it has before it gives much. */
function memoryFor(rows: number) {
  const slots = 2 ** Math.ceil(Math.log2(Math.max(64, rows * 2)))
  const buffer = new ArrayBuffer(rows * bytesOfRow + slots * 4)
  let used = 0
  const taken = (bytes: number): number => (used += bytes) - bytes
  const times = (): Float64Array => new Float64Array(buffer, taken(rows * 8), rows)
  const numbers = (): Uint32Array => new Uint32Array(buffer, taken(rows * 4), rows)
  const places = (count = rows): Int32Array => new Int32Array(buffer, taken(count * 4), count)
  return {
    start: times(),
    end: times(),
    spans: numbers(),
    errors: numbers(),
    logs: numbers(),
    samples: numbers(),
    partOf: places(),
    lastRow: places(),
    before: places(),
    ids: places(rows * wordsOfId),
    slots: places(slots)
  }
}

/** Two times, seven numbers and places, and an id. */
const bytesOfRow = 2 * 8 + 7 * 4 + wordsOfId * 4

interface NumberedTexts {
  readonly shared: SharedTexts
  /** -1 for none. */
  readonly row: Int32Array
}

async function numbered(length: number, textOf: (row: number) => string | undefined): Promise<NumberedTexts> {
  const shared = new SharedTexts()
  const row = new Int32Array(length)
  await inSteps(length, at => {
    const text = textOf(at)
    row[at] = text === undefined ? -1 : shared.rowOf(text)
  })
  return { shared, row }
}
