// All timing samples of a recording in the file format of speedscope
// (https://www.speedscope.app/file-format-schema.json): a `sampled` profile for each thread. Where a thread was idle, and
// where no sample tells what it did, its stack is empty.
import { MicrologError } from '../base/errors.ts'
import type { Recording } from '../recording/schema.ts'
import { buildStackPaths, checkFrameCount, weighThreads } from './weighed-samples.ts'
import type { StackPaths, WeighedThread } from './weighed-samples.ts'

const speedscopeSchema = 'https://www.speedscope.app/file-format-schema.json'

/** Stacks and weights of a thread in the order of time, which counts in ns since the recording's epoch. */
interface SampledProfile {
  name: string
  start: number
  /** -1 where there is none. */
  stacks: number[]
  weights: number[]
}

/** Samples of one piece of text. */
const samplesAtOnce = 10_000

/** Gives the text in pieces. @param label what people know the recording by */
export function writeSpeedscope(recording: Recording, label: string): Iterable<string> {
  const paths = buildStackPaths(recording)
  const profiles = weighThreads(recording).map(thread => buildProfile(recording, thread, paths))
  if (profiles.length === 0) throw new MicrologError('not-found', 'Expected timing samples, found none')
  checkFrameCount(paths, allStacks(profiles), 'speedscope')
  return writePieces(recording, label, profiles, paths)
}

function* allStacks(profiles: readonly SampledProfile[]): Generator<number> {
  for (const { stacks } of profiles) yield* stacks
}

function buildProfile(
  { samples }: Recording,
  { name, rows, weights }: WeighedThread,
  { idle }: StackPaths
): SampledProfile {
  const start = Math.round(samples.time[rows[0]!]!)
  const profile: SampledProfile = { name, start, stacks: [], weights: [] }
  let end = start
  const add = (stack: number, until: number): void => {
    profile.stacks.push(stack)
    profile.weights.push(until - end)
    end = until
  }
  rows.forEach((row, i) => {
    const time = Math.round(samples.time[row]!)
    const last = profile.weights.length - 1
    if (time > end && profile.stacks[last] === -1) {
      profile.weights[last]! += time - end
      end = time
    } else if (time > end) add(-1, time)
    const stack = samples.stack[row]!
    add(stack < 0 || idle[stack] ? -1 : stack, Math.max(end, time + weights[i]!))
  })
  return profile
}

function* writePieces(
  recording: Recording,
  label: string,
  profiles: readonly SampledProfile[],
  paths: StackPaths
): Generator<string> {
  const { shared, indexOf } = shareFrames(recording, profiles, paths)
  const head = { $schema: speedscopeSchema, name: label, exporter: 'microlog', activeProfileIndex: 0 }
  yield `${JSON.stringify({ ...head, shared: { frames: shared } }).slice(0, -1)},"profiles":[`
  for (const [at, { name, start, stacks, weights }] of profiles.entries()) {
    const endValue = start + weights.reduce((sum, weight) => sum + weight, 0)
    const own = { type: 'sampled', name, unit: 'nanoseconds', startValue: start, endValue }
    yield `${at > 0 ? ',' : ''}${JSON.stringify(own).slice(0, -1)},"samples":[`
    yield* inPieces(stacks, stack => `[${paths.pathOf(stack).reverse().map(indexOf).join()}]`)
    yield '],"weights":['
    yield* inPieces(weights, String)
    yield ']}'
  }
  yield ']}\n'
}

function* inPieces<T>(items: readonly T[], textOf: (item: T) => string): Generator<string> {
  for (let from = 0; from < items.length; from += samplesAtOnce) {
    const text = items
      .slice(from, from + samplesAtOnce)
      .map(textOf)
      .join()
    yield from > 0 ? `,${text}` : text
  }
}

interface SharedFrame {
  name: string
  file?: string
  line?: number
  col?: number
}

/** The frames that samples have, in the order in which they come. */
function shareFrames(
  { frames, strings }: Recording,
  profiles: readonly SampledProfile[],
  { pathOf }: StackPaths
): { shared: SharedFrame[]; indexOf: (frame: number) => number } {
  const shared: SharedFrame[] = []
  const indexes = new Map<number, number>()
  for (const stack of new Set(allStacks(profiles))) {
    for (const frame of pathOf(stack)) {
      if (indexes.has(frame)) continue
      const file = strings[frames.url[frame]!]!
      const [line, col] = [frames.line[frame]!, frames.column[frame]!]
      const index = shared.push({
        name: strings[frames.name[frame]!] || '(anonymous)',
        ...(file !== '' && { file }),
        ...(line > 0 && { line }),
        ...(col > 0 && { col })
      })
      indexes.set(frame, index - 1)
    }
  }
  return { shared, indexOf: frame => indexes.get(frame)! }
}
