// Reads a pprof file of time. It has sums without times: its samples are laid one after the other, so that a flame chart
// of them is their flame graph, and the recording's resource says so.
import { MicrologError } from '../base/errors.ts'
import type { Recording } from '../recording/schema.ts'
import { flameOrder } from './flame-order.ts'
import { readPprofFile } from './pprof-file.ts'
import type { PprofFile } from './pprof-file.ts'
import { choosePprofMeasure } from './pprof-measure.ts'
import type { PprofMeasure } from './pprof-measure.ts'
import { pprofThreadLabels, tooMany } from './pprof-messages.ts'
import type { PprofKey, PprofSample } from './pprof-messages.ts'
import { SampledRecording } from './sampled-recording.ts'
import type { ProfileOrigin } from './sampled-recording.ts'

const noTimes = 'none: samples stand one after the other, the largest first'
/** Over all samples. */
const mostLabels = 20_000_000
/** Of a file that counts more, a sample stands for several. */
const mostSamples = 1_000_000
const mostSampledCalls = 100_000_000

/** What ends in a stack, in columns: a row for each sample of the file. */
interface PprofRows {
  thread: number[]
  stack: number[]
  attributes: number[]
  nanos: number[]
  count: number[]
}

export function readPprof(bytes: Uint8Array, { name, startUnixNano }: ProfileOrigin): Recording {
  const file = readPprofFile(bytes)
  const recording = new SampledRecording(file.timeNanos > 0n ? file.timeNanos : startUnixNano, {
    'service.name': name,
    'microlog.source': 'pprof',
    'microlog.source.times': noTimes
  })
  const measure = choosePprofMeasure(file)
  const rows = readRows(recording, file, measure)
  if (rows.stack.length === 0)
    throw new MicrologError('invalid-input', 'Expected samples in a pprof file, found none with a value')
  const own = new Float64Array(recording.parents.length)
  rows.stack.forEach((stack, row) => stack >= 0 && (own[stack]! += rows.nanos[row]!))
  const rank = flameOrder(recording.parents, own)
  const order = rows.stack.map((_, row) => row)
  order.sort(
    (a, b) =>
      rows.thread[a]! - rows.thread[b]! ||
      (rank[rows.stack[a]!] ?? -1) - (rank[rows.stack[b]!] ?? -1) ||
      rows.attributes[a]! - rows.attributes[b]!
  )
  const share = samplesPerSample(recording, rows)
  for (let from = 0; from < order.length;) {
    let to = from
    while (to < order.length && rows.thread[order[to]!] === rows.thread[order[from]!]) to++
    addThreadSamples(recording, rows, order.slice(from, to), { period: measure.period * share, share })
    from = to
  }
  return recording.finish()
}

function readRows(
  recording: SampledRecording,
  file: PprofFile,
  { nanosOf, countOf }: PprofMeasure
): PprofRows {
  const rows: PprofRows = { thread: [], stack: [], attributes: [], nanos: [], count: [] }
  const threadOf = createThreads(recording)
  const framesOf = createFrames(recording, file)
  let labelCount = 0
  for (const { locations, values, labels } of file.samples()) {
    if (values.some(value => value < 0))
      throw new MicrologError('invalid-input', 'Expected values of 0 or more in a pprof file: no difference')
    if (values.every(value => value === 0)) continue
    const nanos = nanosOf(values)
    const count = countOf(values)
    if (nanos === 0 && count === 0) continue
    let stack = -1
    for (let i = locations.length - 1; i >= 0; i--) {
      const frames = framesOf(locations[i]!)
      for (let inner = frames.length - 1; inner >= 0; inner--)
        stack = recording.addStack(frames[inner]!, stack)
    }
    labelCount += labels.length
    if (labelCount > mostLabels) throw tooMany(mostLabels, 'labels')
    rows.thread.push(threadOf(labels))
    rows.stack.push(stack)
    rows.attributes.push(recording.addAttributes(labels.filter(([key]) => !isThreadLabel(key))))
    rows.nanos.push(nanos)
    rows.count.push(count)
  }
  return rows
}

function isThreadLabel(key: string): boolean {
  return key === pprofThreadLabels.name || key === pprofThreadLabels.id
}

/** Rows of frames at a location, the innermost first. */
function createFrames(recording: SampledRecording, file: PprofFile): (location: PprofKey) => number[] {
  const known = new Map<PprofKey, number[]>()
  return location => {
    let frames = known.get(location)
    if (!frames) {
      frames = file.functionsAt(location).map(called => recording.addFrame(called))
      known.set(location, frames)
    }
    return frames
  }
}

/** Row of the thread that labels name; without them all is of one, the main thread. */
function createThreads(recording: SampledRecording): (labels: PprofSample['labels']) => number {
  const known = new Map<string, number>()
  const taken = new Set<number>()
  return labels => {
    const name = labels.find(([key]) => key === pprofThreadLabels.name)?.[1] ?? ''
    const id = labels.find(([key]) => key === pprofThreadLabels.id)?.[1] ?? ''
    const key = `${id}\0${name}`
    let row = known.get(key)
    if (row === undefined) {
      let number = /^\d{1,9}$/.test(String(id)) ? Number(id) : known.size
      while (taken.has(number)) number++
      taken.add(number)
      known.set(key, (row = recording.addThread(number, String(name))))
    }
    return row
  }
}

/** How many samples of the file one of the recording stands for: 1 as long as there aren't too many. */
function samplesPerSample({ depths }: SampledRecording, { stack, count }: PprofRows): number {
  let [samples, frames] = [0, 0]
  for (let row = 0; row < stack.length; row++) {
    samples += count[row]!
    frames += count[row]! * (1 + (depths[stack[row]!] ?? 0))
  }
  return Math.max(1, samples / mostSamples, frames / mostSampledCalls)
}

function addThreadSamples(
  recording: SampledRecording,
  rows: PprofRows,
  order: readonly number[],
  { period, share }: { period: number; share: number }
): void {
  const counts = order.map(row => Math.max(1, Math.round(rows.count[row]! / share)))
  const length = counts.reduce((sum, count) => sum + count, 0)
  const stack = new Int32Array(length)
  const attributes = new Int32Array(length)
  const lasting = new Float64Array(length)
  let to = 0
  order.forEach((row, at) => {
    const from = to
    to += counts[at]!
    stack.fill(rows.stack[row]!, from, to)
    attributes.fill(rows.attributes[row]!, from, to)
    lasting.fill(rows.nanos[row]! / counts[at]!, from, to)
  })
  recording.addSamplesInRow(rows.thread[order[0]!]!, { start: 0, period }, { stack, lasting, attributes })
}
