// What is asked of segments one by one, by their rows: the same here and in the thread that answers aside.
import { sampledCalls } from './segment-calls.ts'
import { linesOfSegment } from './segment-lines.ts'
import { tracesWithAttribute } from './span-attributes.ts'

export const segmentQuestions = { logLines: linesOfSegment, sampledCalls, tracesWithAttribute }

type Questions = typeof segmentQuestions
export type QuestionName = keyof Questions
export type Question<Name extends QuestionName> = Parameters<Questions[Name]>[1]
export type Answer<Name extends QuestionName> = Awaited<ReturnType<Questions[Name]>>
