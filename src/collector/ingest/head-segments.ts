// The open heads of this collector as segments, so that every question asks one kind of thing. Encoding a head takes
// a while: one that changes all the time is shown as it was a second ago.
import { openRecording } from '../../format/index.ts'
import type { RecordingFile } from '../../format/index.ts'
import { memorySource } from '../../format/memory-source.ts'
import { segmentId } from '../store/keys.ts'
import { nodeCodec } from '../store/node-codec.ts'
import type { Segment } from '../store/segment.ts'
import type { OpenRecordings, Stretch } from './open-recordings.ts'
import { encodeStretch } from './sealer.ts'
import type { EncodeSegment } from '../encoding/segment-encoder.ts'

const livePrefix = 'live-'
/** How old what is shown of a head may be, ms. */
const staleMs = 1000

interface Snapshot {
  /** What it was made of: the same one says that nothing was added since. */
  stretch: Stretch
  segment: Promise<Segment>
  takenMs: number
}

export class HeadSegments {
  readonly #open: OpenRecordings
  readonly #journal: string
  readonly #encode: EncodeSegment
  /** By recording and first place in the journal. */
  #snapshots = new Map<string, Snapshot>()
  /** The ones before, for those who have just been told their ids. */
  #previous = new Map<string, Promise<Segment>>()

  constructor(open: OpenRecordings, journal: string, encode: EncodeSegment) {
    this.#open = open
    this.#journal = journal
    this.#encode = encode
  }

  async segments(recording?: string): Promise<Segment[]> {
    const now = Date.now()
    const kept = new Map<string, Snapshot>()
    const wanted: Promise<Segment>[] = []
    for (const stretch of this.#open.stretches()) {
      const key = `${stretch.recording}-${stretch.from}`
      let snapshot = this.#snapshots.get(key)
      const asked = recording === undefined || stretch.recording === recording
      if (asked && (!snapshot || isStale(snapshot, stretch, now))) {
        if (snapshot) this.#previous.set(key, snapshot.segment)
        snapshot = this.#take(key, stretch, now)
      }
      if (!snapshot) continue
      kept.set(key, snapshot)
      if (asked) wanted.push(snapshot.segment)
    }
    this.#snapshots = kept
    for (const key of this.#previous.keys()) if (!kept.has(key)) this.#previous.delete(key)
    return Promise.all(wanted)
  }

  #take(key: string, stretch: Stretch, takenMs: number): Snapshot {
    const snapshot = { stretch, segment: freeze(stretch, this.#journal, this.#encode), takenMs }
    // Who asked hears of it; who asks next has it tried again.
    snapshot.segment.catch(() => {
      if (this.#snapshots.get(key) === snapshot) this.#snapshots.delete(key)
    })
    return snapshot
  }

  /** One that `segments` told of lately. */
  async find(recording: string, id: string): Promise<Segment | undefined> {
    const known = [...[...this.#snapshots.values()].map(({ segment }) => segment), ...this.#previous.values()]
    for (const segment of await Promise.all(known)) {
      if (segment.recording === recording && segment.id === id) return segment
    }
    return undefined
  }
}

function isStale({ stretch, takenMs }: Snapshot, now: Stretch, nowMs: number): boolean {
  return stretch !== now && Math.abs(nowMs - takenMs) >= staleMs
}

/** The id of the segment that a head's id becomes once it is sealed as it was; undefined for other ids. */
export function sealedIdOf(liveId: string): string | undefined {
  return liveId.startsWith(livePrefix) ? liveId.slice(livePrefix.length) : undefined
}

async function freeze(stretch: Stretch, journal: string, encode: EncodeSegment): Promise<Segment> {
  const bytes = await encodeStretch(stretch, journal, encode)
  const file = await openRecording(memorySource(bytes), nodeCodec)
  return {
    recording: stretch.recording,
    id: livePrefix + segmentId(journal, stretch.from, stretch.to),
    bytes: bytes.length,
    writtenMs: stretch.addedMs,
    live: true,
    open: async (): Promise<RecordingFile> => file,
    read: async (from, to) => bytes.slice(from, to)
  }
}
