// All traces of a store: segments, of one process each, tell of parts of them.
import { traceIdAt } from '../../recording/ids.ts'
import type { TraceDetail } from '../api.ts'
import { inSteps, tablesInSteps, takeMemory } from './in-steps.ts'
import { SharedTexts } from './shared-texts.ts'
import type { TracePart } from './trace-parts.ts'
import { TraceRows } from './trace-rows.ts'

/** By trace: which part names it, -1 for none, and the row of its footer. */
export interface NamingRows {
  readonly part: Int32Array
  readonly row: Int32Array
}

export class MergedTraces {
  readonly rows: TraceRows
  #naming: Promise<NamingRows> | undefined
  #texts: Promise<NumberedTexts> | undefined
  /** Numbers of texts: by trace, and by row. */
  #names: Promise<Int32Array> | undefined
  #services: Promise<Int32Array> | undefined

  private constructor(rows: TraceRows) {
    this.rows = rows
  }

  /** @param earlier as TraceRows.of has it */
  static async of(parts: readonly TracePart[], earlier?: MergedTraces): Promise<MergedTraces> {
    return new MergedTraces(await TraceRows.of(parts, earlier?.rows))
  }

  get length(): number {
    return this.rows.length
  }

  id(trace: number): string {
    const row = this.rows.lastRow[trace]!
    const part = this.rows.partOf[row]!
    return traceIdAt(this.rows.parts[part]!.footer.traces.id, row - this.rows.firstRow[part]!)
  }

  /** Of its root span, else of the earliest one; '' where none is known. */
  describe(trace: number): { service: string; name: string } {
    const number = this.#namingRow(trace)
    if (number < 0) return { service: '', name: '' }
    const part = this.rows.partOf[number]!
    const row = number - this.rows.firstRow[part]!
    const { texts, service, name } = this.rows.parts[part]!.footer.traces
    return { service: texts[service[row]!] ?? '', name: texts[name[row]!] ?? '' }
  }

  /** Whether the name that `describe` gives is as asked; a trace without spans has none. */
  async nameTest(fits: (name: string) => boolean): Promise<(trace: number) => boolean> {
    const fitting = await this.#fittingTexts(fits)
    const row = await (this.#names ??= this.#numberNames())
    return trace => row[trace]! >= 0 && fitting[row[trace]!] === 1
  }

  /** Whether one of the services of its spans is as asked. */
  async serviceTest(fits: (service: string) => boolean): Promise<(trace: number) => boolean> {
    const fitting = await this.#fittingTexts(fits)
    const row = await (this.#services ??= this.#numberServices())
    return trace => {
      for (let number = this.rows.lastRow[trace]!; number >= 0; number = this.rows.before[number]!) {
        if (row[number]! >= 0 && fitting[row[number]!] === 1) return true
      }
      return false
    }
  }

  /** By number of the text: 1 where it fits. */
  async #fittingTexts(fits: (text: string) => boolean): Promise<Uint8Array> {
    const { shared } = await this.#numberedTexts()
    return shared.those(fits)
  }

  async #numberNames(): Promise<Int32Array> {
    const { numbers } = await this.#numberedTexts()
    const row = new Int32Array(await takeMemory(this.length * 4))
    await inSteps(this.length, trace => {
      row[trace] = -1
      const number = this.#namingRow(trace)
      if (number < 0) return
      const part = this.rows.partOf[number]!
      const { name } = this.rows.parts[part]!.footer.traces
      row[trace] = numbers[part]![name[number - this.rows.firstRow[part]!]!] ?? -1
    })
    return row
  }

  /** By row of all parts: -1 where it has no spans, which its service would be that of. */
  async #numberServices(): Promise<Int32Array> {
    const { numbers } = await this.#numberedTexts()
    const rows = new Int32Array(await takeMemory(this.rows.partOf.byteLength))
    const lengths = this.rows.parts.map(({ footer }) => footer.traces.length)
    await tablesInSteps(lengths, (part, from, to) => {
      const { spans, service } = this.rows.parts[part]!.footer.traces
      const first = this.rows.firstRow[part]!
      for (let row = from; row < to; row++)
        rows[first + row] = spans[row]! > 0 ? (numbers[part]![service[row]!] ?? -1) : -1
    })
    return rows
  }

  #numberedTexts(): Promise<NumberedTexts> {
    return (this.#texts ??= this.#numberTexts())
  }

  async #numberTexts(): Promise<NumberedTexts> {
    const shared = new SharedTexts()
    const all = this.rows.parts.map(({ footer }) => footer.traces.texts)
    const numbers = all.map(texts => new Int32Array(texts.length))
    const lengths = all.map(texts => texts.length)
    await tablesInSteps(lengths, (part, from, to) => {
      for (let row = from; row < to; row++) numbers[part]![row] = shared.rowOf(all[part]![row]!)
    })
    return { shared, numbers }
  }

  /** The name that `describe` gives, without an object: a million are asked for theirs. */
  name(trace: number): string {
    const number = this.#namingRow(trace)
    if (number < 0) return ''
    const part = this.rows.partOf[number]!
    const { texts, name } = this.rows.parts[part]!.footer.traces
    return texts[name[number - this.rows.firstRow[part]!]!] ?? ''
  }

  /** Where the footer stands that tells of the span that `describe` tells of, and its row in the segment; part -1 for none. */
  placeOf(trace: number): { part: number; row: number } {
    const number = this.#namingRow(trace)
    const part = number < 0 ? -1 : this.rows.partOf[number]!
    if (part < 0) return { part, row: -1 }
    return { part, row: this.rows.parts[part]!.onlyRow ?? number - this.rows.firstRow[part]! }
  }

  /** The same of all traces, put together once. */
  naming(): Promise<NamingRows> {
    return (this.#naming ??= this.#findNaming())
  }

  async #findNaming(): Promise<NamingRows> {
    const bytes = this.length * 4
    const naming = {
      part: new Int32Array(await takeMemory(bytes)),
      row: new Int32Array(await takeMemory(bytes))
    }
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
    const { recording, segment, footer } = this.rows.parts[this.rows.partOf[number]!]!
    const row = number - this.rows.firstRow[this.rows.partOf[number]!]!
    const from = footer.traces.start[row]!
    return { recording, segment, from, to: from + footer.traces.duration[row]! }
  }

  detail(trace: number): TraceDetail {
    const [start, end] = [this.rows.start[trace]!, this.rows.end[trace]!]
    const segments = this.#partsOf(trace).map(part => {
      const { recording, segment } = this.rows.parts[part]!
      return { recording, segment }
    })
    const durationMs = Number.isFinite(start) ? end - start : 0
    return {
      traceId: this.id(trace),
      ...this.describe(trace),
      start,
      durationMs,
      spans: this.rows.spans[trace]!,
      errors: this.rows.errors[trace]!,
      logs: this.rows.logs[trace]!,
      samples: this.rows.samples[trace]!,
      segments
    }
  }

  /** Ids of the segments that tell of some traces. */
  async segmentsOf(traces: Int32Array): Promise<Set<string>> {
    const found = new Uint8Array(this.rows.parts.length)
    await inSteps(traces.length, index => {
      for (let number = this.rows.lastRow[traces[index]!]!; number >= 0; number = this.rows.before[number]!) {
        found[this.rows.partOf[number]!] = 1
      }
    })
    return new Set(this.rows.parts.filter((_, part) => found[part] === 1).map(({ segment }) => segment))
  }

  /** -1 where there is no such trace. @param traceId hex */
  find(traceId: string): number {
    return this.rows.find(traceId)
  }

  /** -1 where no part has spans. */
  #namingRow(trace: number): number {
    const last = this.rows.lastRow[trace]!
    if (this.rows.before[last]! < 0) return this.rows.spans[trace]! > 0 ? last : -1
    let naming = -1
    let rooted = false
    let named = Infinity
    // From the last part to the first: of equals the first one names it.
    for (let number = last; number >= 0; number = this.rows.before[number]!) {
      const part = this.rows.partOf[number]!
      const row = number - this.rows.firstRow[part]!
      const { traces } = this.rows.parts[part]!.footer
      if (traces.spans[row] === 0) continue
      const root = traces.root[row] === 1
      const start = this.rows.startOf(number)
      if (!((root && !rooted) || (root === rooted && start <= named))) continue
      naming = number
      rooted = root
      named = start
    }
    return naming
  }

  /** In their order. */
  #partsOf(trace: number): number[] {
    const parts: number[] = []
    for (let number = this.rows.lastRow[trace]!; number >= 0; number = this.rows.before[number]!)
      parts.push(this.rows.partOf[number]!)
    return parts.reverse()
  }
}

interface NumberedTexts {
  readonly shared: SharedTexts
  /** By part: of each of its texts. */
  readonly numbers: readonly Int32Array[]
}
