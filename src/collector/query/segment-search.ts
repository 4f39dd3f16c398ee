import { JobThread } from '../job-thread.ts'
import type { OpenSegment } from './library.ts'
import type { SearchJob, SearchResult } from './search-worker.ts'
import { segmentQuestions } from './segment-questions.ts'
import type { Answer, Question, QuestionName } from './segment-questions.ts'

/** Undefined while we run from TypeScript sources, which a worker can't load. */
const builtWorker = import.meta.url.endsWith('.ts')
  ? undefined
  : new URL('./search-worker.js', import.meta.url)

/** Fewer rows take less time than sending them over. */
const smallRows = 1000

/** Asks segments in a thread aside, so that data is taken meanwhile; here where there is none or it fails. */
export class SegmentSearch {
  readonly #thread: JobThread<SearchJob, SearchResult>
  /** How many questions the thread has answered. */
  answeredAside = 0

  constructor(script = builtWorker) {
    this.#thread = new JobThread(script, 'microlog-search')
  }

  /** Throws as reading the segment does. */
  async ask<Name extends QuestionName>(
    name: Name,
    { segment, file }: OpenSegment,
    question: Question<Name>
  ): Promise<Answer<Name>> {
    if (rowsOf(file) >= smallRows) {
      const job = { name, question, byteLength: file.byteLength }
      const read = (from: number, to: number): Promise<Uint8Array> => segment.read(from, to)
      const result = await this.#thread.do(job, read).catch(() => undefined)
      if (result && 'answer' in result) {
        this.answeredAside++
        return result.answer as Answer<Name>
      }
    }
    const answer = segmentQuestions[name] as (
      asked: OpenSegment['file'],
      question: Question<Name>
    ) => Promise<Answer<Name>>
    return answer(file, question)
  }

  /** Questions that are under way are answered here. */
  close(): Promise<void> {
    return this.#thread.close()
  }
}

function rowsOf({ footer: { counts } }: OpenSegment['file']): number {
  return counts.spans + counts.logs + counts.events + counts.samples
}
