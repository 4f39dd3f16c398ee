// Deletes recordings that are too old or too many. Clocks jump, so an age is believed only where three things agree:
// the data's own times, the times of the files, and how long this process has seen nothing new of the recording. What
// time it is, is the time of the newest file at the start plus what a monotonic clock has counted since, and never
// later than the wall clock says. So a jump deletes nothing; time during which no collector ran may count late.
import { messageOf } from '../../base/errors.ts'
import type { Catalog } from './catalog.ts'
import { levelOf } from './keys.ts'
import type { Segment } from './segment.ts'

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
  catalog: Pick<Catalog, 'segments' | 'allSegments' | 'readable' | 'removeSegments'>
  limits: RetentionLimits
  /** True for a recording that this collector has data of which isn't stored yet. */
  isOpen(recording: string): boolean
  clock?: Clock
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

const everyMs = 60_000
/** A recording that got data within this may be another collector's live one. */
const quietMs = 5 * 60_000

const systemClock: Clock = { wallMs: () => Date.now(), monotonicMs: () => performance.now() }

export class Retention {
  /** Why the last run failed. */
  problem: string | undefined
  readonly #options: RetentionOptions
  readonly #clock: Clock
  #seen = new Map<string, Observed>()
  /** The time at the first run, as far as it can be believed. */
  #start: { unixMs: number; monotonicMs: number } | undefined
  #timer: NodeJS.Timeout | undefined
  #running: Promise<unknown> = Promise.resolve()

  constructor(options: RetentionOptions) {
    this.#options = options
    this.#clock = options.clock ?? systemClock
  }

  /** Runs now and then until it is stopped. */
  start(): void {
    if (isUnlimited(this.#options.limits)) return
    const run = (): void => {
      this.#running = this.run().then(
        () => (this.problem = undefined),
        (thrown: unknown) => (this.problem = `Old recordings can't be deleted: ${messageOf(thrown)}`)
      )
    }
    run()
    this.#timer = setInterval(run, everyMs).unref()
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer)
    await this.#running
  }

  /** Ids of what it deleted. The first run only looks. */
  async run(): Promise<string[]> {
    const { catalog, limits, isOpen } = this.#options
    const first = this.#start === undefined
    const monotonicMs = this.#clock.monotonicMs()
    const observed = this.#observe(await catalog.segments(), await catalog.allSegments(), monotonicMs)
    const nowMs = this.#believedMs(observed, monotonicMs)
    if (first) return []
    const idle = observed.filter(
      ({ recording, writtenMs, changedMs }) =>
        !isOpen(recording) &&
        monotonicMs - changedMs >= quietMs &&
        Math.abs(this.#clock.wallMs() - writtenMs) >= quietMs
    )
    const due = new Set(await this.#tooOld(idle, nowMs, monotonicMs))
    for (const [label, { bytes = 0 }] of limits.labels ?? []) {
      if (bytes === 0) continue
      const own = await this.#ofLabel(observed, label)
      for (const one of beyond(own, idle, due, bytes)) due.add(one)
    }
    if (limits.bytes > 0) for (const one of beyond(observed, idle, due, limits.bytes)) due.add(one)
    for (const { recording } of due) {
      await catalog.removeSegments(recording)
      this.#seen.delete(recording)
    }
    return [...due].map(({ recording }) => recording)
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
    const { limits } = this.#options
    const ages = [limits.ageMs, ...[...(limits.labels?.values() ?? [])].map(({ ageMs = 0 }) => ageMs)]
    // Footers are only asked where it may matter.
    const shortestMs = ages.reduce((least, ageMs) => (ageMs > 0 ? Math.min(least, ageMs) : least), Infinity)
    const old: Observed[] = []
    for (const one of idle) {
      const atMostMs = Math.min(nowMs - one.writtenMs, monotonicMs - one.changedMs)
      if (atMostMs < shortestMs) continue
      const ageMs = limits.labels?.get(await this.#labelOf(one))?.ageMs ?? limits.ageMs
      if (ageMs > 0 && atMostMs >= ageMs && nowMs - (await this.#endOf(one)) >= ageMs) old.push(one)
    }
    return old
  }

  async #ofLabel(observed: readonly Observed[], label: string): Promise<Observed[]> {
    const own: Observed[] = []
    for (const one of observed) if ((await this.#labelOf(one)) === label) own.push(one)
    return own
  }

  /** That of the segment that was written last. */
  async #labelOf({ segments }: Observed): Promise<string> {
    for (const segment of segments.toSorted((a, b) => b.writtenMs - a.writtenMs)) {
      const label = (await this.#options.catalog.readable(segment))?.footer.meta.label
      if (label !== undefined) return label
    }
    return ''
  }

  /** Of its data, Unix ms. */
  async #endOf({ segments }: Observed): Promise<number> {
    let end = -Infinity
    for (const segment of segments) {
      const footer = (await this.#options.catalog.readable(segment))?.footer
      if (!footer || Number.isNaN(footer.to)) continue
      end = Math.max(end, Number(footer.epoch / 1000n) / 1000 + footer.to / 1e6)
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

/** The ones that were written first, until what is left of `observed` fits. */
function beyond(
  observed: readonly Observed[],
  idle: readonly Observed[],
  due: ReadonlySet<Observed>,
  limit: number
): Observed[] {
  let left = observed.reduce((sum, one) => (due.has(one) ? sum : sum + one.bytes), 0)
  const chosen: Observed[] = []
  for (const one of [...idle].sort((a, b) => a.writtenMs - b.writtenMs)) {
    if (left <= limit) break
    if (due.has(one) || !observed.includes(one)) continue
    chosen.push(one)
    left -= one.bytes
  }
  return chosen
}
