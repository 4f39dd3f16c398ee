// From a request to its recordings: read it, keep its bytes in the journal, add it to the open heads, and only then
// answer. On a clock, heads become segments, journal files go, and journals of collectors that died are taken over.
import { EventEmitter } from 'node:events'
import { MicrologError, messageOf } from '../../base/errors.ts'
import type { ReadOutcome } from '../../otlp/sink.ts'
import type { Catalog } from '../store/catalog.ts'
import { endMs } from '../store/unix-ms.ts'
import type { ByteShare } from './byte-budget.ts'
import { HeadSegments } from './head-segments.ts'
import type { OpenJournalFile } from './journal-file.ts'
import { folderJournals } from './journal-folder.ts'
import type { JournalHome, OwnedJournal } from './journal-home.ts'
import { Journal } from './journal.ts'
import { OpenRecordings } from './open-recordings.ts'
import { OrphanJournals } from './orphan-journals.ts'
import { readRequest, requestPath } from './read-request.ts'
import type { ReceivedRequest, RequestContent } from './read-request.ts'
import { RecentRequests, digestOfRequest } from './recent-requests.ts'
import { Sealer } from './sealer.ts'
import { SegmentEncoder } from '../encoding/segment-encoder.ts'
import { Senders } from './sender.ts'

export interface IngestOptions {
  /** Folder of the journals, where they have no other home. */
  root: string
  journals?: JournalHome
  catalog: Catalog
  sealAfterMs: number
  openFile?: OpenJournalFile
  encoder?: SegmentEncoder
}

/** Rows that wait to be sealed before senders are told to come back later: half a kilobyte of memory each. */
const largestBacklog = 600_000
const sealWeight = 32_768
const slowestTickMs = 1000
const fastestTickMs = 20

const replaced =
  'This collector stood still for so long that another one has taken over its journal: restart it. Nothing is lost.'

/** Requests that were answered alike. */
export interface RefusedRequests {
  status: number
  code: string
  count: number
}

export interface IngestStatistics {
  requests: number
  /** Requests whose answer is 200, the repeated ones included. */
  acknowledged: number
  repeated: number
  accepted: number
  rejected: number
  /** Requests that were answered with an error, by HTTP status and code. */
  refused: RefusedRequests[]
  /** Times that the store or the journal's folder could not be read or written. */
  storeErrors: number
}

export class Ingest {
  readonly statistics: IngestStatistics = {
    requests: 0,
    acknowledged: 0,
    repeated: 0,
    accepted: 0,
    rejected: 0,
    refused: [],
    storeErrors: 0
  }
  /** 'data' with the ids of recordings that something was added to. */
  readonly events = new EventEmitter<{ data: [string[]] }>()
  readonly heads: HeadSegments
  readonly journal: Journal
  readonly sealer: Sealer
  readonly #catalog: Catalog
  readonly #encoder: SegmentEncoder
  readonly #open: OpenRecordings
  readonly #home: JournalHome
  readonly #own: OwnedJournal
  readonly #orphans: OrphanJournals
  readonly #recent: RecentRequests<ReadOutcome>
  readonly #senders = new Senders()
  readonly #problems = new Map<'lease' | 'sealing' | 'upkeep' | 'adding', string>()
  #timer: NodeJS.Timeout | undefined
  #ticking: Promise<void> | undefined
  #renewedMs = Date.now()
  /** Another collector has taken over the journal: what it holds is that one's to seal. */
  #isReplaced = false
  #ended = false

  /** Takes over what others left, then is ready. */
  static async start(options: IngestOptions): Promise<Ingest> {
    const journals = options.journals ?? folderJournals(options.root)
    const ingest = new Ingest(options, journals, await journals.create())
    await ingest.#orphans.adopt()
    await ingest.#orphans.learnFromOthers()
    await ingest.#learnSenders()
    const tickMs = Math.min(slowestTickMs, Math.max(fastestTickMs, options.sealAfterMs / 4))
    ingest.#schedule(tickMs)
    return ingest
  }

  private constructor(options: IngestOptions, journals: JournalHome, own: OwnedJournal) {
    const limits = { afterMs: options.sealAfterMs, weight: sealWeight }
    this.#catalog = options.catalog
    this.#encoder = options.encoder ?? new SegmentEncoder()
    this.#home = journals
    this.#own = own
    this.#open = new OpenRecordings(limits)
    this.#recent = new RecentRequests()
    this.journal = new Journal({
      ...own.writing,
      ...(options.openFile && { openFile: options.openFile })
    })
    this.sealer = new Sealer(this.#open, own.id, options.catalog, this.#encoder.encode)
    this.heads = new HeadSegments(this.#open, own.id, this.#encoder.encode)
    this.#orphans = new OrphanJournals({
      catalog: options.catalog,
      journals,
      limits,
      own: own.id,
      recent: this.#recent
    })
  }

  /** What is wrong right now, and what was found damaged. */
  problems(): string[] {
    const damaged = [...this.#catalog.damaged].map(([key, why]) => `${key} is damaged: ${why}`)
    const own = this.journal.problem === undefined ? [] : [this.journal.problem]
    if (this.#isReplaced) own.push(replaced)
    return [...own, ...this.#problems.values(), ...this.#orphans.problems(), ...damaged]
  }

  /**
   * Answers once the request is on disk. Throws a MicrologError, and then nothing of it is kept: `unavailable` if it
   * should be sent again.
   */
  async accept(request: ReceivedRequest, share?: ByteShare): Promise<ReadOutcome> {
    this.statistics.requests++
    const digest = digestOfRequest(requestPath(request), request.body)
    const known = this.#recent.find(digest)
    if (known) this.statistics.repeated++
    const answer = known ?? this.#accept(request, share)
    if (!known) this.#recent.remember(digest, answer, Date.now())
    const outcome = await answer
    this.statistics.acknowledged++
    return outcome
  }

  countRefused({ status, code }: { status: number; code: string }): void {
    const { refused } = this.statistics
    const known = refused.find(other => other.status === status && other.code === code)
    if (known) known.count++
    else refused.push({ status, code, count: 1 })
  }

  /** True while something of the recording isn't in the store yet. */
  isOpen(recording: string): boolean {
    return this.#open.has(recording)
  }

  /** Drops what is open of a deleted recording. */
  forget(recording: string): void {
    this.#open.forget(recording)
  }

  /** Makes everything durable as segments; what could not be sealed stays in the journal for the next start. */
  async close(): Promise<void> {
    if (this.#ended) return
    this.#ended = true
    clearTimeout(this.#timer)
    await this.#ticking
    await this.journal.close()
    this.#open.closeDue(0, true)
    try {
      if (!this.#isReplaced) await this.#sealOwn()
    } finally {
      await Promise.all([this.#orphans.close(), this.#encoder.close()])
    }
  }

  async #sealOwn(): Promise<void> {
    try {
      await this.sealer.run()
      await this.#own.remove()
    } catch (thrown) {
      await this.#own.lease.release()
      throw thrown
    }
  }

  async #accept(request: ReceivedRequest, share: ByteShare | undefined): Promise<ReadOutcome> {
    if (this.#isReplaced) throw new MicrologError('unavailable', replaced)
    if (this.#open.backlog > largestBacklog) {
      throw new MicrologError(
        'unavailable',
        'The collector is behind with sealing: send this request again later'
      )
    }
    const receivedMs = Date.now()
    const content = await readRequest(request, { receivedMs, share })
    const { slices, outcome } = content
    if (slices.length > 0) {
      const recordings = slices.map(({ resource }) => this.#senders.recordingOf(resource, receivedMs))
      await this.journal.append({ ...request, receivedMs, recordings }, position =>
        this.#add(content, recordings, position, receivedMs)
      )
    }
    this.statistics.accepted += outcome.accepted
    this.statistics.rejected += outcome.rejected
    return outcome
  }

  #add({ slices }: RequestContent, recordings: string[], position: number, nowMs: number): void {
    for (const [i, slice] of slices.entries()) {
      try {
        this.#open.add({ ...slice, recording: recordings[i]! }, position + i, nowMs)
      } catch (thrown) {
        this.#problems.set('adding', `A request could not be added to its recording: ${messageOf(thrown)}`)
      }
    }
    this.events.emit('data', recordings)
  }

  #schedule(tickMs: number): void {
    this.#timer = setTimeout(() => {
      this.#ticking = this.#tick().finally(() => {
        this.#ticking = undefined
        if (!this.#ended) this.#schedule(tickMs)
      })
    }, tickMs)
    this.#timer.unref()
  }

  async #tick(): Promise<void> {
    const now = Date.now()
    const isDue = Math.abs(now - this.#renewedMs) >= this.#home.renewEveryMs
    // Before anything is sealed: this process may have stood still for longer than others wait.
    if (isDue) {
      await this.#watch('lease', "The journal's lease can't be renewed", async () => {
        this.#isReplaced ||= !(await this.#own.lease.renew())
        this.#renewedMs = now
      })
    }
    if (this.#isReplaced) return
    await this.#watch('sealing', "Recordings can't be sealed", async () => {
      this.#open.closeDue(now)
      await this.sealer.run()
    })
    await this.#watch('upkeep', "The journal can't be kept in order", async () => {
      await this.journal.trim(this.#open.lowestPosition(this.journal.nextPosition), now)
      if (isDue) await this.#orphans.upkeep()
    })
  }

  async #watch(what: 'lease' | 'sealing' | 'upkeep', text: string, work: () => Promise<void>): Promise<void> {
    try {
      await work()
      this.#problems.delete(what)
    } catch (thrown) {
      this.statistics.storeErrors++
      this.#problems.set(what, `${text}: ${messageOf(thrown)}`)
    }
  }

  async #learnSenders(): Promise<void> {
    await this.#watch('upkeep', "The store can't be read", async () => {
      for await (const { file } of this.#catalog.openEach(await this.#catalog.segments())) {
        const { meta } = file.footer
        if (meta.resource) this.#senders.learn(meta.recording, meta.resource, endMs(file.footer))
      }
    })
  }
}
