// The heads of the recordings that data comes for: each grows in memory until it is sealed into a segment. A head
// knows which places of the journal it holds, and keeps them until its segment is durable.
import { appendRecording, fitsEpoch } from '../../recording/append-recording.ts'
import { RecordingBuilder, tableNames } from '../../recording/recording-builder.ts'
import type { Recording } from '../../recording/schema.ts'
import type { ResourceText } from './sender.ts'

/** What one request says about one recording. */
export interface Slice {
  recording: string
  resource: ResourceText
  tables: Recording
}

/** A stretch of a recording that isn't durable as a segment yet. */
export interface Stretch {
  recording: string
  resource: ResourceText
  /** Places in the journal: the first, and the one after the last. */
  from: number
  to: number
  /** When the last of it came, Unix ms. */
  addedMs: number
  /** The same object as long as nothing was added. */
  tables: Recording
}

interface Head {
  recording: string
  resource: ResourceText
  builder: RecordingBuilder
  from: number
  to: number
  openedMs: number
  addedMs: number
  /** Rows and bytes that it takes, roughly. */
  weight: number
  frozen: Stretch | undefined
}

export interface SealLimits {
  afterMs: number
  /** Rows of all tables, and a row for each 64 bytes of texts and blobs. */
  weight: number
}

export class OpenRecordings {
  readonly #limits: SealLimits
  readonly #heads = new Map<string, Head>()
  /** Closed, the oldest first; each stays until its segment is durable. */
  #closed: Stretch[] = []
  #closedWeight = new Map<Stretch, number>()
  /** Of the last head that was full: a busy sender's next one fills the same room. */
  #spare: RecordingBuilder | undefined

  constructor(limits: SealLimits) {
    this.#limits = limits
  }

  /** @param position the slice's place in the journal; places come in order */
  add({ recording, resource, tables }: Slice, position: number, nowMs: number): void {
    let head = this.#heads.get(recording)
    if (head && !fitsEpoch(head.builder.epoch, tables)) {
      this.#closeHead(head)
      head = undefined
    }
    if (!head) {
      const builder = this.#emptyBuilder(tables.epoch)
      head = {
        recording,
        resource,
        builder,
        from: position,
        to: position,
        openedMs: nowMs,
        addedMs: nowMs,
        weight: 0,
        frozen: undefined
      }
      this.#heads.set(recording, head)
    }
    appendRecording(head.builder, tables)
    head.to = position + 1
    head.addedMs = nowMs
    head.weight += weightOf(tables)
    head.frozen = undefined
    if (head.weight >= this.#limits.weight) this.#closeHead(head)
  }

  /** Closes the heads that have been open for long enough; all of them when asked. */
  closeDue(nowMs: number, all = false): void {
    for (const head of [...this.#heads.values()]) {
      if (all || nowMs - head.openedMs >= this.#limits.afterMs || nowMs < head.openedMs) this.#closeHead(head)
    }
  }

  /** The next stretch to be made a segment. */
  nextClosed(): Stretch | undefined {
    return this.#closed[0]
  }

  /** Its segment is durable, or it isn't wanted any more. */
  drop(stretch: Stretch): void {
    this.#closed = this.#closed.filter(other => other !== stretch)
    this.#closedWeight.delete(stretch)
  }

  /** True while something of the recording isn't durable as a segment. */
  has(recording: string): boolean {
    return this.#heads.has(recording) || this.#closed.some(stretch => stretch.recording === recording)
  }

  /** Forgets a recording that was deleted. */
  forget(recording: string): void {
    this.#heads.delete(recording)
    for (const stretch of this.#closed.filter(stretch => stretch.recording === recording)) this.drop(stretch)
  }

  /** Everything that isn't durable as a segment, frozen as it is now. */
  stretches(): Stretch[] {
    return [...this.#closed, ...[...this.#heads.values()].map(freeze)]
  }

  /** Returns the lowest journal position that isn't sealed yet. @param next what it is when everything is sealed */
  lowestPosition(next: number): number {
    let lowest = next
    for (const { from } of this.#heads.values()) lowest = Math.min(lowest, from)
    for (const { from } of this.#closed) lowest = Math.min(lowest, from)
    return lowest
  }

  /** Of what waits to be made segments: how far sealing is behind. */
  get backlog(): number {
    let sum = 0
    for (const weight of this.#closedWeight.values()) sum += weight
    return sum
  }

  #closeHead(head: Head): void {
    this.#heads.delete(head.recording)
    const stretch = freeze(head)
    this.#closed.push(stretch)
    this.#closedWeight.set(stretch, head.weight)
    if (head.weight >= this.#limits.weight) this.#spare = head.builder
  }

  #emptyBuilder(epoch: bigint): RecordingBuilder {
    const builder = this.#spare
    if (!builder) return new RecordingBuilder(epoch)
    this.#spare = undefined
    builder.restart(epoch)
    return builder
  }
}

function freeze(head: Head): Stretch {
  const { recording, resource, from, to, addedMs, builder } = head
  head.frozen ??= Object.freeze({ recording, resource, from, to, addedMs, tables: builder.snapshot() })
  return head.frozen
}

/** What sealing limits count. */
function weightOf(tables: Recording): number {
  let weight = 1
  for (const name of tableNames) weight += tables[name].length
  for (const blob of tables.blobs) weight += blob.length / 64
  for (const text of tables.strings) weight += text.length / 64
  return weight
}
