// What footers don't tell of traces that are named by an HTTP method alone: the rows of their spans are read for it, of the
// times and segments that hold those that are asked for.
import { MicrologError } from '../../base/errors.ts'
import { tellsPaths } from '../../format/index.ts'
import type { SegmentFooter } from '../../format/index.ts'
import { isMethodOnly } from '../../base/http-operation.ts'
import type { TimeRange } from '../../recording/time-range.ts'
import { filterInSteps, inSteps } from './in-steps.ts'
import type { OpenSegment, Segment } from '../store/segment.ts'
import type { MergedTraces } from './merged-traces.ts'
import { bytesOfIndex, pathIn } from './path-index.ts'
import type { PathIndex } from './path-index.ts'
import type { PathsQuestion } from './segment-paths.ts'
import type { SegmentSearch } from './segment-search.ts'

/** Paths that are remembered, over all segments. */
const mostKnown = 100_000

/** Spans that are read for one page of a list, about: what takes a tenth of a second. */
const usualRead = 50_000

export interface TracePathsOptions {
  /** Spans to read for what a list shows. */
  mostRead?: number
  /** Hears of what is kept for as long as the footer of a segment is. */
  onKept?(segment: Segment, bytes: number): void
}

export class TracePaths {
  readonly #search: SegmentSearch
  /** Of sealed segments, which never change; '' for none. */
  #known = new WeakMap<SegmentFooter, Map<string, string>>()
  #count = 0
  readonly #indexes = new WeakMap<SegmentFooter, PathIndex | undefined>()

  readonly #mostRead: number
  readonly #onKept: (segment: Segment, bytes: number) => void

  constructor(search: SegmentSearch, { mostRead = usualRead, onKept = () => {} }: TracePathsOptions = {}) {
    this.#search = search
    this.#mostRead = mostRead
    this.#onKept = onKept
  }

  /**
   * The same for what a list shows: without those that can't be read right now, and where they lie all over the store with
   * those of some segments more each time it is asked.
   */
  async ofShown(
    traces: MergedTraces,
    rows: Int32Array,
    opened: readonly OpenSegment[]
  ): Promise<ReadonlyMap<string, string>> {
    try {
      return await this.of(traces, rows, opened, this.#mostRead)
    } catch (thrown) {
      if (thrown instanceof MicrologError) return new Map()
      throw thrown
    }
  }

  /** By trace id, where there is one. @param opened what the traces were put together from, or more */
  async of(
    traces: MergedTraces,
    rows: Int32Array,
    opened: readonly OpenSegment[],
    spansToRead = Infinity
  ): Promise<ReadonlyMap<string, string>> {
    const found = new Map<string, string>()
    const questions = new Map<string, { traces: Set<string>; window: TimeRange }>()
    const indexes = await this.#indexesOf(traces, rows, opened)
    const footers = new Map(
      opened.map(({ segment, file }) => [keyOf(segment.recording, segment.id), file.footer])
    )
    await inSteps(rows.length, at => {
      const trace = rows[at]!
      if (!isMethodOnly(traces.name(trace))) return
      const { recording, segment, from, to } = traces.namedIn(trace)!
      const key = keyOf(recording, segment)
      const id = traces.id(trace)
      const index = indexes.get(key)
      if (index) {
        const path = pathIn(index, traces.name(trace), traces.placeOf(trace).row)
        if (path) found.set(id, path)
        return
      }
      const known = this.#known.get(footers.get(key)!)?.get(id)
      if (known !== undefined) {
        if (known) found.set(id, known)
        return
      }
      const question = questions.get(key)
      if (!question) return void questions.set(key, { traces: new Set([id]), window: { from, to } })
      question.traces.add(id)
      question.window = { from: Math.min(question.window.from, from), to: Math.max(question.window.to, to) }
    })
    const questionOf = ({ segment }: OpenSegment): PathsQuestion =>
      questions.get(keyOf(segment.recording, segment.id))!
    let read = 0
    const asked = opened.filter(segment => {
      const question = questionOf(segment)
      if (question === undefined || read >= spansToRead) return false
      read += spansWithin(segment.file.footer, question.window)
      return true
    })
    for await (const { opened: segment, answer } of this.#search.askEach('tracePaths', asked, questionOf)) {
      this.#remember(segment.file.footer, questionOf(segment).traces, answer)
      for (const [id, path] of answer) found.set(id, path)
    }
    return found
  }

  /** By segment, where it tells of paths. */
  async indexes(opened: readonly OpenSegment[]): Promise<(PathIndex | undefined)[]> {
    const asked = opened.filter(({ file }) => tellsPaths(file.footer) && !this.#indexes.has(file.footer))
    for await (const { opened: from, answer } of this.#search.askEach('pathIndex', asked, () => undefined)) {
      const { footer } = from.file
      // Two may have asked for it at once.
      if (answer && !this.#indexes.has(footer)) this.#onKept(from.segment, bytesOfIndex(answer))
      this.#indexes.set(footer, answer)
    }
    return opened.map(({ file }) => this.#indexes.get(file.footer))
  }

  /** The same, without those that can't be read right now. */
  async indexesNow(opened: readonly OpenSegment[]): Promise<(PathIndex | undefined)[]> {
    try {
      return await this.indexes(opened)
    } catch (thrown) {
      if (thrown instanceof MicrologError) return opened.map(({ file }) => this.#indexes.get(file.footer))
      throw thrown
    }
  }

  /** Those that name these traces, by key of the segment. */
  async #indexesOf(
    traces: MergedTraces,
    rows: Int32Array,
    opened: readonly OpenSegment[]
  ): Promise<Map<string, PathIndex | undefined>> {
    const keys = new Set<string>()
    await inSteps(rows.length, index => {
      if (isMethodOnly(traces.name(rows[index]!))) keys.add(segmentKeyOf(traces, rows[index]!))
    })
    const naming = opened.filter(({ segment }) => keys.has(keyOf(segment.recording, segment.id)))
    const indexes = await this.indexes(naming)
    return new Map(naming.map(({ segment }, i) => [keyOf(segment.recording, segment.id), indexes[i]]))
  }

  /** Those of the found ones that are of this operation, see operationOf: of what `findTraces` gives with these indexes. */
  async withOperation(
    operation: string,
    traces: MergedTraces,
    found: Int32Array,
    opened: readonly OpenSegment[],
    indexes: readonly (PathIndex | undefined)[] = []
  ): Promise<Int32Array> {
    if (opened.every((_, part) => indexes[part])) return found
    const needed = new Set<string>()
    const isOpen = (trace: number): boolean =>
      !indexes[traces.placeOf(trace).part] && isMethodOnly(traces.name(trace))
    await inSteps(found.length, index => {
      if (isOpen(found[index]!)) needed.add(segmentKeyOf(traces, found[index]!))
    })
    if (needed.size === 0) return found
    const asked = opened.filter(({ segment }) => needed.has(keyOf(segment.recording, segment.id)))
    const matching = new Set<number>()
    const answers = this.#search.askEach('tracesOfOperation', asked, () => operation)
    for await (const { opened: from, answer } of answers) {
      const key = keyOf(from.segment.recording, from.segment.id)
      for (const id of answer) {
        const trace = traces.find(id)
        // Elsewhere it may go by another span.
        if (trace >= 0 && segmentKeyOf(traces, trace) === key) matching.add(trace)
      }
    }
    return filterInSteps(found, trace => !isOpen(trace) || matching.has(trace))
  }

  #remember(footer: SegmentFooter, asked: ReadonlySet<string>, paths: ReadonlyMap<string, string>): void {
    if (this.#count + asked.size > mostKnown) {
      this.#known = new WeakMap()
      this.#count = 0
    }
    const known = this.#known.get(footer) ?? new Map<string, string>()
    this.#known.set(footer, known)
    for (const id of asked) known.set(id, paths.get(id) ?? '')
    this.#count += asked.size
  }
}

/** About how many spans of a segment are read for a window. */
function spansWithin({ counts, from, to }: SegmentFooter, window: TimeRange): number {
  const share = (window.to - window.from) / (to - from)
  return share >= 0 && share <= 1 ? counts.spans * share : counts.spans
}

/** Of the segment that names it. */
function segmentKeyOf(traces: MergedTraces, trace: number): string {
  const { recording, segment } = traces.namedIn(trace)!
  return keyOf(recording, segment)
}

function keyOf(recording: string, segment: string): string {
  return `${recording}/${segment}`
}
