// One profile of a speedscope file, sampled or evented, as samples in a row.
import { MicrologError } from '../base/errors.ts'
import type { SampledRecording } from './sampled-recording.ts'

export interface SpeedscopeProfile {
  name: string
  /** ns, from wherever the file counts. */
  start: number
  /** Rows of stacks, -1 where nothing was called. */
  stack: number[]
  /** ns of each. */
  lasting: number[]
}

/** ns of each unit of time. Of those without a unit, one is taken for a millisecond. */
const nanosOfUnit = new Map<unknown, number>([
  ['nanoseconds', 1],
  ['microseconds', 1e3],
  ['milliseconds', 1e6],
  ['seconds', 1e9],
  ['none', 1e6]
])

export function isSpeedscopeSchema(schema: unknown): boolean {
  return typeof schema === 'string' && /\bspeedscope\.app\b/.test(schema)
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

export function refuse(expected: string): never {
  throw new MicrologError('invalid-input', `Expected ${expected} in a speedscope file`)
}

/** @param where it is in the file @param frames rows of the recording's frames, as the file shares them */
export function readSpeedscopeProfile(
  profile: unknown,
  where: string,
  frames: readonly number[],
  recording: SampledRecording
): SpeedscopeProfile {
  if (!isObject(profile)) return refuse(`an object at ${where}`)
  const { type, name, unit } = profile
  if (unit === 'bytes')
    throw new MicrologError('unsupported', `Expected times at ${where} of a speedscope file, found bytes`)
  const scale = nanosOfUnit.get(unit) ?? refuse(`a unit of time or none at ${where}`)
  const start = finite(profile.startValue, `${where}.startValue`)
  const end = finite(profile.endValue, `${where}.endValue`)
  if (end < start) refuse(`an endValue that isn't before the startValue at ${where}`)
  const part: Part = { where, frames, recording, start, end }
  const { stack, lasting } =
    type === 'sampled'
      ? readSamples(profile, part)
      : type === 'evented'
        ? readEvents(profile, part)
        : refuse(`sampled or evented as the type at ${where}`)
  return {
    name: typeof name === 'string' ? name : '',
    start: start * scale,
    stack,
    lasting: lasting.map(weight => weight * scale)
  }
}

interface Part {
  where: string
  frames: readonly number[]
  recording: SampledRecording
  /** In the profile's unit. */
  start: number
  end: number
}

type Samples = Pick<SpeedscopeProfile, 'stack' | 'lasting'>

function readSamples({ samples, weights }: Record<string, unknown>, part: Part): Samples {
  const { where, recording } = part
  if (!Array.isArray(samples) || !Array.isArray(weights) || samples.length !== weights.length)
    return refuse(`samples and weights of the same length at ${where}`)
  const stack = samples.map((frames: unknown, at) => {
    const place = `${where}.samples[${at}]`
    if (!Array.isArray(frames)) return refuse(`a list of frames at ${place}`)
    let row = -1
    for (const frame of frames as unknown[]) row = recording.addStack(frameRow(part, frame, place), row)
    return row
  })
  const lasting = weights.map((weight: unknown, at) => {
    const value = finite(weight, `${where}.weights[${at}]`)
    return value >= 0 ? value : refuse(`a weight of 0 or more at ${where}.weights[${at}]`)
  })
  return { stack, lasting }
}

function readEvents({ events }: Record<string, unknown>, part: Part): Samples {
  const { where, recording, start, end } = part
  if (!Array.isArray(events)) return refuse(`events at ${where}`)
  const stack: number[] = []
  const lasting: number[] = []
  const open: { frame: number; stack: number }[] = []
  let time = start
  const goTo = (at: number): void => {
    if (at > time) {
      stack.push(open.at(-1)?.stack ?? -1)
      lasting.push(at - time)
    }
    time = at
  }
  events.forEach((event: unknown, index) => {
    const place = `${where}.events[${index}]`
    if (!isObject(event)) return refuse(`an object at ${place}`)
    const at = finite(event.at, `${place}.at`)
    if (at < time || at > end) refuse(`events in the order of time, up to the endValue, at ${place}`)
    goTo(at)
    const frame = frameRow(part, event.frame, place)
    const last = open.at(-1)
    if (event.type === 'O') open.push({ frame, stack: recording.addStack(frame, last?.stack ?? -1) })
    else if (event.type !== 'C') refuse(`O or C as the type at ${place}`)
    else if (last?.frame === frame) open.pop()
    else refuse(`the frame that was opened last to be closed first at ${place}`)
  })
  if (open.length > 0)
    refuse(`every frame that is opened to be closed at ${where}, found ${open.length} open`)
  goTo(end)
  return { stack, lasting }
}

function frameRow({ frames }: Part, frame: unknown, where: string): number {
  const row = typeof frame === 'number' ? frames[frame] : undefined
  return row ?? refuse(`an index of shared.frames at ${where}`)
}

function finite(value: unknown, where: string): number {
  return typeof value === 'number' && Number.isFinite(value) ? value : refuse(`a number at ${where}`)
}
