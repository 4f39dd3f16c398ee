import { MicrologError } from '../base/errors.ts'
import { parseJson } from '../otlp/parse-json.ts'
import type { Recording } from '../recording/schema.ts'
import { SampledRecording } from './sampled-recording.ts'
import type { ProfileOrigin } from './sampled-recording.ts'
import { isObject, isSpeedscopeSchema, readSpeedscopeProfile, refuse } from './speedscope-profile.ts'
import type { SpeedscopeProfile } from './speedscope-profile.ts'

/** A file nests no deeper than its lists of stacks. */
const deepest = 16

/**
 * Reads the file format of speedscope (https://www.speedscope.app/file-format-schema.json): each of its profiles becomes
 * a thread, each of its samples one sample. An evented profile gives one for each stretch in which nothing began or ended.
 */
export function readSpeedscope(bytes: Uint8Array, { name, startUnixNano }: ProfileOrigin): Recording {
  const json = parseJson(bytes, deepest)
  if (!isObject(json) || !isSpeedscopeSchema(json.$schema)) return refuse('the $schema of speedscope')
  if (!isObject(json.shared) || !Array.isArray(json.shared.frames)) return refuse('shared.frames')
  if (!Array.isArray(json.profiles) || json.profiles.length === 0) return refuse('profiles')
  const recording = new SampledRecording(startUnixNano, { 'service.name': name })
  const frames = json.shared.frames.map((frame: unknown, at) => addFrame(recording, frame, at))
  const profiles = json.profiles.map((profile: unknown, at) =>
    readSpeedscopeProfile(profile, `profiles[${at}]`, frames, recording)
  )
  if (profiles.every(({ stack }) => stack.length === 0))
    throw new MicrologError('invalid-input', 'Expected samples or events in a speedscope file, found none')
  const earliest = profiles.reduce((least, { start }) => Math.min(least, start), Infinity)
  profiles.forEach((profile, at) => {
    const thread = recording.addThread(at, profile.name)
    recording.addSamplesInRow(
      thread,
      { start: profile.start - earliest, period: medianLasting(profile) },
      profile
    )
  })
  return recording.finish()
}

function addFrame(recording: SampledRecording, frame: unknown, at: number): number {
  if (!isObject(frame) || typeof frame.name !== 'string') return refuse(`a name in shared.frames[${at}]`)
  const { name, file, line, col } = frame
  return recording.addFrame({
    functionName: name,
    url: typeof file === 'string' ? file : '',
    line: position(line),
    column: position(col)
  })
}

/** 0 where it isn't known. */
function position(value: unknown): number {
  return typeof value === 'number' && value > 0 && value < 2 ** 31 ? Math.floor(value) : 0
}

/** ns of a usual sample; 0 where the thread did nothing. */
function medianLasting({ stack, lasting }: SpeedscopeProfile): number {
  const busy = Float64Array.from(lasting.filter((_, at) => stack[at]! >= 0)).sort()
  return busy[busy.length >> 1] ?? 0
}
