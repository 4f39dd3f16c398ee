import { availableParallelism } from 'node:os'
import { MicrologError } from '../../base/errors.ts'
import { JobThread, builtScript } from '../jobs/job-thread.ts'
import type { OpenSegment } from '../store/segment.ts'
import type { SearchJob, SearchResult } from './search-worker.ts'
import { segmentQuestions } from './segment-questions.ts'
import type { Answer, Question, QuestionName } from './segment-questions.ts'
import { unlessDamaged } from './unless-damaged.ts'
import type { OnDamage } from './unless-damaged.ts'

const builtWorker = builtScript('./search-worker.js', import.meta.url)

/** Of all blocks, inflated: fewer take less time than sending them over. Blocks that say less than they have don't read. */
const smallBytes = 64 * 1024

/** Each gives way to what takes data in. */
const usualThreads = Math.min(4, availableParallelism())

export interface SearchOptions {
  /** Of the worker. */
  script?: URL
  threads?: number
  onDamage?: OnDamage
}

/** Asks segments in threads aside, so that data is taken meanwhile; here where there are none. */
export class SegmentSearch {
  readonly #threads: readonly JobThread<SearchJob, SearchResult>[]
  readonly onDamage: OnDamage

  constructor({ script = builtWorker, threads = usualThreads, onDamage = () => {} }: SearchOptions = {}) {
    this.onDamage = onDamage
    this.#threads = Array.from({ length: threads }, () => new JobThread(script, 'microlog-search'))
  }

  /** Somebody looks: a thread is started before the first question comes, which would wait for that. */
  prepare(): void {
    this.#threads[0]?.prepare()
  }

  /**
   * The answers of these segments in their order, some asked at once; no further than they are taken. Those that turn
   * out to be damaged are left out and told of.
   */
  async *askEach<Name extends QuestionName>(
    name: Name,
    segments: readonly OpenSegment[],
    questionOf: (segment: OpenSegment) => Question<Name>
  ): AsyncGenerator<{ opened: OpenSegment; answer: Answer<Name>; index: number }> {
    const asked: Promise<Answer<Name>>[] = []
    let next = 0
    for (const [index, opened] of segments.entries()) {
      while (next < segments.length && asked.length < this.#threads.length) {
        const following = segments[next++]!
        const answer = this.ask(name, following, questionOf(following))
        // It throws where it is waited for, if anybody does.
        answer.catch(() => {})
        asked.push(answer)
      }
      const asking = asked.shift()!
      const answer = await unlessDamaged(opened.segment, () => asking, this.onDamage)
      if (answer !== undefined) yield { opened, answer, index }
    }
  }

  /** Throws as reading the segment does, and `unavailable` where a thread ended over it: it is not asked again here. */
  async ask<Name extends QuestionName>(
    name: Name,
    { segment, file }: OpenSegment,
    question: Question<Name>
  ): Promise<Answer<Name>> {
    if (inflatedBytes(file) >= smallBytes) {
      const job = { name, question, byteLength: file.byteLength }
      const read = (from: number, to: number): Promise<Uint8Array> => segment.read(from, to)
      const result = await this.#leastBusy().do(job, read)
      if (result && 'answer' in result) return result.answer as Answer<Name>
      // To read it again here would end alike, and keep all others waiting.
      if (result?.refusal) throw new MicrologError(result.refusal.code, result.refusal.message)
    }
    const answer = segmentQuestions[name] as (
      asked: OpenSegment['file'],
      question: Question<Name>
    ) => Promise<Answer<Name>>
    return answer(file, question)
  }

  /** Questions that are under way are answered here. */
  async close(): Promise<void> {
    await Promise.all(this.#threads.map(thread => thread.close()))
  }

  #leastBusy(): JobThread<SearchJob, SearchResult> {
    return this.#threads.reduce((least, thread) => (thread.jobs < least.jobs ? thread : least))
  }
}

function inflatedBytes({ footer: { blocks } }: OpenSegment['file']): number {
  let bytes = 0
  for (const { size } of blocks) bytes += size
  return bytes
}
