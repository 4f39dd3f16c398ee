// Answers questions to segments in a thread of its own: to decode one takes long enough to be felt by everything else.
import { messageOf } from '../../base/errors.ts'
import { openRecording } from '../../format/index.ts'
import type { RecordingFile } from '../../format/index.ts'
import { giveWay } from '../jobs/give-way.ts'
import { doJobs } from '../jobs/job-script.ts'
import { nodeCodec } from '../store/node-codec.ts'
import { segmentQuestions } from './segment-questions.ts'
import type { QuestionName } from './segment-questions.ts'

export interface SearchJob {
  name: QuestionName
  question: unknown
  /** Of the segment. */
  byteLength: number
}

export type SearchResult = { answer: unknown } | { failure: string }

giveWay()
doJobs<SearchJob, SearchResult>(async ({ name, question, byteLength }, slice) => {
  try {
    const answer = segmentQuestions[name] as (file: RecordingFile, question: unknown) => Promise<unknown>
    return { answer: await answer(await openRecording({ byteLength, slice }, nodeCodec), question) }
  } catch (thrown) {
    return { failure: messageOf(thrown) }
  }
})
