// Deletes recordings that are too old or too many, and the oldest parts of those that never end. Clocks jump, so an age is
// believed only where three things agree: the data's own times, the times of the files, and how long this process has
// seen nothing new of the recording. What time it is, is the time of the newest file at the start plus what a monotonic
// clock has counted since, and never later than the wall clock says. So a jump deletes nothing; time during which no
// collector ran may count late.
import { messageOf } from '../../base/errors.ts'
import { runEvery } from '../jobs/run-every.ts'
import type { Repeated } from '../jobs/run-every.ts'
import type { Catalog } from './catalog.ts'
import { levelOf } from './keys.ts'
import { RecordingFailures } from './recording-failures.ts'
import type { Segment } from './segment.ts'
import { endMs } from './unix-ms.ts'

export interface RetentionLimits {
  /** Since a recording's end, ms; 0: no limit. */
  ageMs: number
  /** Of all segments together; 0: no limit. */
  bytes: number
  /** By label: the age for its recordings in place of the usual one, and a limit for its segments together. */
  labels?: ReadonlyMap<string, { ageMs?: number; bytes?: number }>
}

export interface Clock {
  /** Unix ms. */
  wallMs(): number
  /** Never goes back, never jumps. */
  monotonicMs(): number
}

export interface RetentionOptions {
  catalog: Pick<Catalog, 'keptSegments' | 'replacedSegments' | 'readable' | 'removeSegments' | 'removeFirst'>
  limits: RetentionLimits
  /** True for a recording that this collector has data of which isn't stored yet. */
  isOpen(recording: string): boolean
  clock?: Clock
  /** Hears of each recording that is deleted, or the segment of one that goes on. */
  onDeleted?(recording: string, segment: string | undefined): void
}

/** What may be deleted at once: a recording, or one of the compacted segments of a recording. */
interface Removal {
  one: Observed
  /** Undefined: all of it. */
  segment?: Segment
  writtenMs: number
  bytes: number
}

interface Observed {
  recording: string
  segments: Segment[]
  /** Ids of those that were sealed, also of those that others stand for: what comes is there first. */
  sealed: Set<string>
  /** When its newest file was written, Unix ms. */
  writtenMs: number
  bytes: number
  /** Monotonic time at which it changed last; -Infinity while it is as it was found at the start. */
  changedMs: number
}

const whatFails = "Old recordings can't be deleted"
const everyMs = 60_000
/** A recording that got data within this may be another collector's live one. */
const quietMs = 5 * 60_000

const systemClock: Clock = { wallMs: () => Date.now(), monotonicMs: () => performance.now() }

export class Retention {
  /** Why the last run failed, or which recordings it left as they are. */
  problem: string | undefined
  readonly #options: RetentionOptions
  readonly #clock: Clock
  /** Footers are only asked where an age may matter. */
  readonly #shortestAgeMs: number
  #seen = new Map<string, Observed>()
  /** Those that the last run couldn't delete: others have to go in their place. */
  #stuck = new Set<string>()
  #failures = new RecordingFailures()
  /** The time at the first run, as far as it can be believed. */
  #start: { unixMs: number; monotonicMs: number } | undefined
  #repeated: Repeated | undefined

  constructor(options: RetentionOptions) {
    this.#options = options
    this.#clock = options.clock ?? systemClock
    const { ageMs, labels } = options.limits
    const ages = [ageMs, ...[...(labels?.values() ?? [])].map(({ ageMs = 0 }) => ageMs)]
    this.#shortestAgeMs = Math.min(...ages.filter(age => age > 0))
  }

  /** Runs now and then until it is stopped. */
  start(): void {
    if (isUnlimited(this.#options.limits)) return
    const run = (): Promise<unknown> =>
      this.run().catch((thrown: unknown) => (this.problem = `${whatFails}: ${messageOf(thrown)}`))
    this.#repeated = runEvery(everyMs, run, 0)
  }

  async stop(): Promise<void> {
    await this.#repeated?.stop()
  }

  /** Ids of what it deleted. The first run only looks. */
  async run(): Promise<string[]> {
    const { catalog, limits, isOpen } = this.#options
    const first = this.#start === undefined
    const monotonicMs = this.#clock.monotonicMs()
    const { counted, all } = await catalog.keptSegments()
    const observed = this.#observe(counted, all, monotonicMs)
    const nowMs = this.#believedMs(observed, monotonicMs)
    if (first) {
      this.problem = undefined
      return []
    }
    this.#failures = new RecordingFailures()
    const idle = observed.filter(
      ({ recording, writtenMs, changedMs }) =>
        !isOpen(recording) &&
        monotonicMs - changedMs >= quietMs &&
        Math.abs(this.#clock.wallMs() - writtenMs) >= quietMs
    )
    const replacing = new Set((await catalog.replacedSegments()).map(({ by }) => by))
    const old = new Set(await this.#tooOld(idle, nowMs, monotonicMs))
    const parts = observed
      .filter(one => !old.has(one))
      .flatMap(one => partsOf(one).filter(({ segment }) => !replacing.has(segment.id)))
    const due = new Set<Removal>([...old].map(wholeOf))
    for (const part of parts) if (await this.#isOld(part, nowMs)) due.add(part)
    const isIdle = new Set(idle)
    const candidates = [
      ...idle.filter(one => !old.has(one)).map(wholeOf),
      ...parts.filter(part => !isIdle.has(part.one) && !due.has(part))
    ]
      .filter(({ one }) => !this.#stuck.has(one.recording))
      .sort((a, b) => a.writtenMs - b.writtenMs)
    for (const [label, { bytes = 0 }] of limits.labels ?? []) {
      if (bytes > 0) addBeyond(due, await this.#ofLabel(observed, label), candidates, bytes)
    }
    if (limits.bytes > 0) addBeyond(due, new Set(observed), candidates, limits.bytes)
    const gone = await this.#remove(due)
    this.problem = this.#failures.tell(whatFails)
    return gone
  }

  /** Gives the ids of recordings of which nothing is left. */
  async #remove(due: ReadonlySet<Removal>): Promise<string[]> {
    const { catalog, onDeleted } = this.#options
    const gone: string[] = []
    this.#stuck = new Set()
    for (const { one, segment } of due) {
      try {
        if (segment) await catalog.removeFirst(segment)
        else {
          await catalog.removeSegments(one.recording)
          this.#seen.delete(one.recording)
          gone.push(one.recording)
        }
        onDeleted?.(one.recording, segment?.id)
      } catch (thrown) {
        this.#stuck.add(one.recording)
        this.#failures.note(one.recording, thrown)
      }
    }
    return gone
  }

  /** What it asks of a recording; undefined where the store fails to tell: then the recording stays. */
  async #ask<Answer>({ recording }: Observed, question: () => Promise<Answer>): Promise<Answer | undefined> {
    try {
      return await question()
    } catch (thrown) {
      this.#failures.note(recording, thrown)
      return undefined
    }
  }

  #observe(counted: readonly Segment[], all: readonly Segment[], monotonicMs: number): Observed[] {
    const found = new Map<string, Observed>()
    for (const segment of counted) {
      const { recording } = segment
      let one = found.get(recording)
      if (!one) {
        one = {
          recording,
          segments: [],
          sealed: new Set(),
          writtenMs: -Infinity,
          bytes: 0,
          changedMs: -Infinity
        }
        found.set(recording, one)
      }
      one.segments.push(segment)
      one.writtenMs = Math.max(one.writtenMs, segment.writtenMs)
      one.bytes += segment.bytes
    }
    for (const { recording, id } of all) if (levelOf(id) === 'sealed') found.get(recording)?.sealed.add(id)
    for (const one of found.values()) {
      const before = this.#seen.get(one.recording)
      const same = before?.writtenMs === one.writtenMs && [...one.sealed].every(id => before.sealed.has(id))
      if (same) one.changedMs = before.changedMs
      else if (this.#start) one.changedMs = monotonicMs
    }
    this.#seen = found
    return [...found.values()]
  }

  #believedMs(observed: readonly Observed[], monotonicMs: number): number {
    const wallMs = this.#clock.wallMs()
    if (!this.#start) {
      const newest = observed.reduce((latest, { writtenMs }) => Math.max(latest, writtenMs), -Infinity)
      this.#start = { unixMs: newest === -Infinity ? wallMs : newest, monotonicMs }
    }
    return Math.min(wallMs, this.#start.unixMs + monotonicMs - this.#start.monotonicMs)
  }

  async #tooOld(idle: readonly Observed[], nowMs: number, monotonicMs: number): Promise<Observed[]> {
    const old: Observed[] = []
    for (const one of idle) {
      const atMostMs = Math.min(nowMs - one.writtenMs, monotonicMs - one.changedMs)
      if (atMostMs < this.#shortestAgeMs) continue
      const isOld = await this.#ask(one, () => this.#endedBefore(one, one.segments, atMostMs, nowMs))
      if (isOld) old.push(one)
    }
    return old
  }

  /** Whether its data ended too long ago, though its recording goes on. */
  async #isOld({ one, segment, writtenMs }: Part, nowMs: number): Promise<boolean> {
    const atMostMs = nowMs - writtenMs
    if (atMostMs < this.#shortestAgeMs) return false
    return (await this.#ask(one, () => this.#endedBefore(one, [segment], atMostMs, nowMs))) ?? false
  }

  /** Whether these segments of a recording are beyond its age. @param atMostMs how old they are by other signs, ms */
  async #endedBefore(
    one: Observed,
    segments: readonly Segment[],
    atMostMs: number,
    nowMs: number
  ): Promise<boolean> {
    const ageMs = await this.#ageLimitOf(one)
    return ageMs > 0 && atMostMs >= ageMs && nowMs - (await this.#endOf(segments)) >= ageMs
  }

  /** 0: none. */
  async #ageLimitOf(one: Observed): Promise<number> {
    const { labels, ageMs } = this.#options.limits
    const label = await this.#labelOf(one)
    if (label !== undefined) return labels?.get(label)?.ageMs ?? ageMs
    // All of it is damaged: it may be of the label that is kept longest.
    const ages = [ageMs, ...Array.from(labels?.values() ?? [], own => own.ageMs ?? ageMs)]
    return ages.includes(0) ? 0 : Math.max(...ages)
  }

  async #ofLabel(observed: readonly Observed[], label: string): Promise<Set<Observed>> {
    const own = new Set<Observed>()
    for (const one of observed) {
      if ((await this.#ask(one, () => this.#labelOf(one))) === label) own.add(one)
    }
    return own
  }

  /** That of the segment that was written last; undefined where none reads. */
  async #labelOf({ segments }: Observed): Promise<string | undefined> {
    for (const segment of segments.toSorted((a, b) => b.writtenMs - a.writtenMs)) {
      const label = (await this.#options.catalog.readable(segment))?.footer.meta.label
      if (label !== undefined) return label
    }
    return undefined
  }

  /** Of their data, Unix ms. */
  async #endOf(segments: readonly Segment[]): Promise<number> {
    let end = -Infinity
    for (const segment of segments) {
      const footer = (await this.#options.catalog.readable(segment))?.footer
      if (footer) end = Math.max(end, endMs(footer))
    }
    return end
  }
}

function isUnlimited({ ageMs, bytes, labels }: RetentionLimits): boolean {
  const all = [
    ageMs,
    bytes,
    ...[...(labels?.values() ?? [])].flatMap(own => [own.ageMs ?? 0, own.bytes ?? 0])
  ]
  return all.every(limit => limit === 0)
}

type Part = Removal & { segment: Segment }

function wholeOf(one: Observed): Removal {
  return { one, writtenMs: one.writtenMs, bytes: one.bytes }
}

/**
 * What of a recording can go while the rest stays. Only compacted segments, hours and days: of those no journal tells any
 * more. The newest one says who the recording is of.
 */
function partsOf(one: Observed): Part[] {
  return one.segments
    .filter(({ id, writtenMs }) => levelOf(id) !== 'sealed' && writtenMs < one.writtenMs)
    .map(segment => ({ one, segment, writtenMs: segment.writtenMs, bytes: segment.bytes }))
}

/** Adds the candidates that were written first, until what is left of these recordings fits. */
function addBeyond(
  due: Set<Removal>,
  recordings: ReadonlySet<Observed>,
  candidates: readonly Removal[],
  limit: number
): void {
  let left = 0
  for (const { bytes } of recordings) left += bytes
  for (const removal of due) if (recordings.has(removal.one)) left -= removal.bytes
  for (const candidate of candidates) {
    if (left <= limit) break
    if (due.has(candidate) || !recordings.has(candidate.one)) continue
    left -= candidate.bytes
    for (const part of due) {
      // It goes with all of its recording.
      if (part.one !== candidate.one || candidate.segment) continue
      left += part.bytes
      due.delete(part)
    }
    due.add(candidate)
  }
}
