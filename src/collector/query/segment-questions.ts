// What is asked of segments one by one, by their rows: the same here and in the thread that answers aside.
import type { RecordingFile } from '../../format/index.ts'
import { tracesOfOperation } from '../../recording/trace-paths.ts'
import { tracesWithAttribute } from '../../recording/traces-with-attribute.ts'
import type { AttributeFilter } from '../../recording/traces-with-attribute.ts'
import { cutSegment } from './cut-segment.ts'
import { pathIndexOf } from './path-index.ts'
import { sampledCalls } from './segment-calls.ts'
import { linesOfSegment } from './segment-lines.ts'
import { pathsOfSegment } from './segment-paths.ts'

export const segmentQuestions = {
  cutSegment,
  logLines: linesOfSegment,
  pathIndex: pathIndexOf,
  sampledCalls,
  tracePaths: pathsOfSegment,
  tracesOfOperation: async (file: RecordingFile, operation: string): Promise<Set<string>> =>
    tracesOfOperation(await file.read(['spans']), operation),
  tracesWithAttribute: async (file: RecordingFile, filter: AttributeFilter): Promise<Set<string>> =>
    tracesWithAttribute(await file.read(['spans']), filter)
}

type Questions = typeof segmentQuestions
export type QuestionName = keyof Questions
export type Question<Name extends QuestionName> = Parameters<Questions[Name]>[1]
export type Answer<Name extends QuestionName> = Awaited<ReturnType<Questions[Name]>>
