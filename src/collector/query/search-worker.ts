// Answers questions to segments in a thread of its own: to decode one takes long enough to be felt by everything else.
import { MicrologError } from '../../base/errors.ts'
import type { ErrorCode } from '../../base/errors.ts'
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

/** Nothing where it could not be answered for another reason than what the segment, or the question, is. */
export type SearchResult =
  { answer: unknown } | { refusal: { code: ErrorCode; message: string } } | { refusal: undefined }

giveWay()
doJobs<SearchJob, SearchResult>(async ({ name, question, byteLength }, slice) => {
  try {
    const answer = segmentQuestions[name] as (file: RecordingFile, question: unknown) => Promise<unknown>
    return { answer: await answer(await openRecording({ byteLength, slice }, nodeCodec), question) }
  } catch (thrown) {
    if (!(thrown instanceof MicrologError)) return { refusal: undefined }
    return { refusal: { code: thrown.code, message: thrown.message } }
  }
})
