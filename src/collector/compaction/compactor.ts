// Merges the segments of recordings into larger ones, one batch at a time, and later deletes those that were merged. The
// process may die at any moment: once a merged segment is in the store it replaces its inputs, for good; before that,
// nothing has changed.
import { MicrologError, messageOf } from '../../base/errors.ts'
import { runEvery } from '../jobs/run-every.ts'
import type { Repeated } from '../jobs/run-every.ts'
import type { Catalog, ReplacedSegment } from '../store/catalog.ts'
import type { Lease } from '../store/journal-lease.ts'
import { compactedId, levelOf, segmentKey } from '../store/keys.ts'
import { RecordingFailures } from '../store/recording-failures.ts'
import type { Segment } from '../store/segment.ts'
import { unixMs } from '../store/unix-ms.ts'
import { UnreadableInput } from '../encoding/merge-segments.ts'
import type { MergeInput, MergeJob } from '../encoding/merge-segments.ts'
import { planCompaction, usualCompactionLimits } from './plan-compaction.ts'
import type { CompactionBatch, CompactionLimits, PlannedSegment } from './plan-compaction.ts'

export interface CompactorOptions {
  catalog: Catalog
  merge(job: MergeJob): Promise<Uint8Array>
  /** Only who has it compacts: undefined while somebody else does. */
  takeTurn(): Promise<Lease | undefined>
  limits?: Partial<CompactionLimits>
  /** How long segments stay after another took their place, for those who are reading them, ms. */
  keepReplacedMs?: number
  everyMs?: number
  /** Told of each new segment. */
  onCompacted?(done: CompactedBatch): void
}

export interface CompactedBatch {
  recording: string
  segment: string
  inputs: number
  bytesBefore: number
  bytesAfter: number
}

export interface CompactionOutcome {
  batches: CompactedBatch[]
  /** Bytes of what was deleted, since larger segments had stood for it for long enough. */
  deleted: { segments: number; bytes: number }
}

/** Of all runs so far. */
export interface CompactionStatistics {
  /** Segments that were written. */
  written: number
  /** Segments that they stand for. */
  inputs: number
  bytesBefore: number
  bytesAfter: number
  /** Segments that were deleted, since others had stood for them for long enough. */
  deleted: number
}

type SegmentFacts = Pick<PlannedSegment, 'rows' | 'fromMs'>

interface Candidate extends PlannedSegment {
  segment: Segment
}

const whatFails = "Recordings can't be compacted"
const usualKeepReplacedMs = 5 * 60_000
const usualEveryMs = 60_000
/** In one run: hours, the days they make complete, and one more for what turned out not to read. */
const mostRounds = 3

export class Compactor {
  /** Why the last run failed, or which recordings it left as they are. */
  problem: string | undefined
  readonly statistics: CompactionStatistics = {
    written: 0,
    inputs: 0,
    bytesBefore: 0,
    bytesAfter: 0,
    deleted: 0
  }
  readonly #options: CompactorOptions
  readonly #limits: CompactionLimits
  /** What footers say of segments, by key. */
  #facts = new Map<string, SegmentFacts>()
  /** Keys of those that don't read: they stay as they are. */
  readonly #unreadable = new Set<string>()
  /** When each compacted segment was first seen, by the monotonic clock; -Infinity for those that were there before. */
  #seenMs: Map<string, number> | undefined
  #repeated: Repeated | undefined
  #stopping = false

  constructor(options: CompactorOptions) {
    this.#options = options
    this.#limits = { ...usualCompactionLimits, ...options.limits }
  }

  /** Runs now and then until it is stopped. */
  start(): void {
    const run = (): Promise<unknown> =>
      this.run().catch((thrown: unknown) => (this.problem = `${whatFails}: ${messageOf(thrown)}`))
    this.#repeated = runEvery(this.#options.everyMs ?? usualEveryMs, run)
  }

  /** What is under way is given up. */
  async stop(): Promise<void> {
    this.#stopping = true
    await this.#repeated?.stop()
  }

  /** Undefined while another process compacts the store. */
  async run(): Promise<CompactionOutcome | undefined> {
    const lease = await this.#options.takeTurn()
    if (!lease) return undefined
    const failures = new RecordingFailures()
    try {
      const batches = await this.#compactAll(lease, failures)
      const deleted = await this.#deleteReplaced(failures)
      this.problem = failures.tell(whatFails)
      return { batches, deleted }
    } finally {
      await lease.release()
    }
  }

  async #compactAll(lease: Lease, failures: RecordingFailures): Promise<CompactedBatch[]> {
    const done: CompactedBatch[] = []
    for (const [recording, own] of await this.#candidates(failures)) {
      try {
        for await (const batch of this.#compactOne(recording, own, lease, failures)) done.push(batch)
      } catch (thrown) {
        // What it needs is being closed, too.
        if (!this.#stopping) failures.note(recording, thrown)
      }
    }
    return done
  }

  async *#compactOne(
    recording: string,
    own: readonly Candidate[],
    lease: Lease,
    failures: RecordingFailures
  ): AsyncGenerator<CompactedBatch> {
    let batches = this.#plan(own)
    for (let round = 0; round < mostRounds && batches.length > 0; round++) {
      for (const batch of batches) {
        if (this.#stopping || !(await lease.renew())) return
        const compacted = await this.#compact(recording, batch)
        if (!compacted) continue
        this.#count(compacted)
        this.#options.onCompacted?.(compacted)
        yield compacted
      }
      batches = this.#plan((await this.#candidates(failures, recording)).get(recording) ?? [])
    }
  }

  #count({ inputs, bytesBefore, bytesAfter }: CompactedBatch): void {
    this.statistics.written++
    this.statistics.inputs += inputs
    this.statistics.bytesBefore += bytesBefore
    this.statistics.bytesAfter += bytesAfter
  }

  #plan(own: readonly Candidate[]): CompactionBatch<Candidate>[] {
    return planCompaction(own, Date.now(), this.#limits)
  }

  async #candidates(failures: RecordingFailures, recording?: string): Promise<Map<string, Candidate[]>> {
    const { catalog } = this.#options
    const found = new Map<string, Candidate[]>()
    const unclear = new Set<string>()
    const facts = new Map<string, SegmentFacts>()
    for (const segment of await catalog.segments(recording)) {
      const key = segmentKey(segment.recording, segment.id)
      if (this.#unreadable.has(key)) continue
      const known = this.#facts.get(key) ?? (await this.#readFacts(segment, failures))
      if (known === 'fails' && levelOf(segment.id) !== 'sealed') unclear.add(segment.recording)
      if (known === 'fails' || !known) continue
      facts.set(key, known)
      const { id, bytes, writtenMs } = segment
      const candidate = { segment, id, level: levelOf(id)!, bytes, writtenMs, ...known }
      const own = found.get(segment.recording)
      if (own) own.push(candidate)
      else found.set(segment.recording, [candidate])
    }
    this.#facts = recording === undefined ? facts : new Map([...this.#facts, ...facts])
    // One that can't be read may stand for others of its recording, also for some that would be put together now.
    for (const one of unclear) found.delete(one)
    return found
  }

  async #readFacts(
    segment: Segment,
    failures: RecordingFailures
  ): Promise<SegmentFacts | 'fails' | undefined> {
    let footer
    try {
      footer = (await this.#options.catalog.readable(segment))?.footer
    } catch (thrown) {
      failures.note(segment.recording, thrown)
      return 'fails'
    }
    if (!footer) return undefined
    const { samples, logSamples, spanSamples, otherSamples, spans, events, logs, points, opaque } =
      footer.counts
    const rows = samples + logSamples + spanSamples + otherSamples + spans + events + logs + points + opaque
    return { rows, fromMs: unixMs(footer, Number.isNaN(footer.from) ? 0 : footer.from) }
  }

  /** Undefined where it can't be, or needn't any more. */
  async #compact(
    recording: string,
    { level, inputs }: CompactionBatch<Candidate>
  ): Promise<CompactedBatch | undefined> {
    const { catalog, merge } = this.#options
    const ids = inputs.map(({ id }) => id)
    const parts = await readParts(inputs)
    if (!parts) return undefined
    let merged: Uint8Array
    try {
      const replaces = (await this.#standIns(recording, ids)).map(({ segment }) => segment.id)
      merged = await merge({ recording, inputs: parts, replaces })
    } catch (thrown) {
      if (!(thrown instanceof UnreadableInput)) throw thrown
      this.#unreadable.add(segmentKey(recording, thrown.input))
      return undefined
    }
    // Somebody may have deleted the recording, or compacted it under a lease that we lost.
    catalog.refresh()
    const here = new Set((await catalog.segments(recording)).map(({ id }) => id))
    if (this.#stopping || !ids.every(id => here.has(id))) return undefined
    const segment = compactedId(level, ids)
    await catalog.addSegment(recording, segment, merged)
    const bytesBefore = inputs.reduce((sum, { bytes }) => sum + bytes, 0)
    return { recording, segment, inputs: ids.length, bytesBefore, bytesAfter: merged.length }
  }

  /** Compacted segments for which the inputs count: the new one must stand for them, too. */
  async #standIns(recording: string, inputs: readonly string[]): Promise<ReplacedSegment[]> {
    const replaced = await this.#options.catalog.replacedSegments()
    return replaced.filter(
      ({ segment, by }) =>
        segment.recording === recording && inputs.includes(by) && levelOf(segment.id) !== 'sealed'
    )
  }

  async #deleteReplaced(failures: RecordingFailures): Promise<{ segments: number; bytes: number }> {
    const { catalog } = this.#options
    catalog.refresh()
    const replaced = await catalog.replacedSegments()
    const deleted = { segments: 0, bytes: 0 }
    const due = this.#due(replaced)
    for (const one of due) {
      try {
        await catalog.deleteReplaced(one)
      } catch (thrown) {
        failures.note(one.segment.recording, thrown)
        continue
      }
      deleted.segments++
      this.statistics.deleted++
      deleted.bytes += one.segment.bytes
    }
    return deleted
  }

  /** Those that another has stood for long enough, by the files' times and by what this process has seen. */
  #due(replaced: readonly ReplacedSegment[]): ReplacedSegment[] {
    const { keepReplacedMs = usualKeepReplacedMs } = this.#options
    const nowMs = performance.now()
    const before = this.#seenMs
    const keyOf = ({ segment, by }: ReplacedSegment): string => segmentKey(segment.recording, by)
    const seenMs = new Map(
      replaced.map(one => [keyOf(one), before ? (before.get(keyOf(one)) ?? nowMs) : -Infinity])
    )
    this.#seenMs = seenMs
    return replaced.filter(
      one =>
        one.isCertain &&
        Math.abs(Date.now() - one.byStoredMs) >= keepReplacedMs &&
        nowMs - seenMs.get(keyOf(one))! >= keepReplacedMs
    )
  }
}

/** Undefined where somebody has deleted one of them meanwhile. */
async function readParts(inputs: readonly Candidate[]): Promise<MergeInput[] | undefined> {
  try {
    return await Promise.all(
      inputs.map(async ({ id, bytes, writtenMs, segment }) => ({
        id,
        writtenMs,
        bytes: await segment.read(0, bytes)
      }))
    )
  } catch (thrown) {
    if (thrown instanceof MicrologError && thrown.code === 'not-found') return undefined
    throw thrown
  }
}
