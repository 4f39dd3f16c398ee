import { parseJson } from '../otlp/parse-json.ts'
import type { Recording } from '../recording/schema.ts'
import { readCpuprofileNodes, refuse } from './cpuprofile-nodes.ts'
import type { CpuprofileNodes } from './cpuprofile-nodes.ts'
import { SampledRecording } from './sampled-recording.ts'
import type { ProfileOrigin } from './sampled-recording.ts'

/** A profile is flat; anything deeper isn't one. */
const deepest = 16
/** µs since 1970, as our own export writes them: no machine has been up for 31 years. ns of 63 bits end in 2262. */
const [earliestMicros, latestMicros] = [1e15, 9.2e15]

/**
 * Reads a V8 .cpuprofile (https://chromedevtools.github.io/devtools-protocol/tot/Profiler/#type-Profile) with nodes that
 * name their children or their parent. Samples are put in order of time, since V8 may give negative differences.
 */
export function readCpuprofile(bytes: Uint8Array, { name, startUnixNano }: ProfileOrigin): Recording {
  const json = parse(bytes)
  const nodes = readCpuprofileNodes(json.nodes)
  const times = sampleTimes(json, nodes)
  const first = times[0]?.micros ?? refuse('samples in a .cpuprofile, found none')
  const startMicros = finite(json.startTime, 'startTime')
  const endMicros = finite(json.endTime, 'endTime') - startMicros
  // A first difference may be negative, and a recording begins at 0.
  const before = Math.min(0, first)
  const epoch =
    startMicros >= earliestMicros && startMicros < latestMicros
      ? BigInt(Math.round(startMicros)) * 1000n
      : startUnixNano
  const recording = new SampledRecording(epoch + BigInt(before) * 1000n, { 'service.name': name })
  const stacks = addStacks(recording, nodes)
  const thread = recording.addThread(0, 'main')
  const untilNext = ({ micros }: SampleTime, at: number): number =>
    Math.max(0, (times[at + 1]?.micros ?? Math.round(endMicros)) - micros)
  const spread = {
    start: (first - before) * 1000,
    began: Math.abs(before) * 1000,
    period: medianGap(times) * 1000
  }
  recording.addSamplesInRow(thread, spread, {
    stack: times.map(({ node }) => stacks[node]!),
    lasting: times.map((time, at) => untilNext(time, at) * 1000)
  })
  return recording.finish()
}

interface SampleTime {
  /** Since the profile's start; whole. */
  micros: number
  node: number
}

function parse(bytes: Uint8Array): Record<string, unknown> {
  const json = parseJson(bytes, deepest)
  if (typeof json !== 'object' || json === null || !('nodes' in json))
    return refuse('a .cpuprofile: an object with nodes, samples and timeDeltas')
  return json as Record<string, unknown>
}

function sampleTimes(json: Record<string, unknown>, nodes: CpuprofileNodes): SampleTime[] {
  const { samples, timeDeltas } = json
  if (!Array.isArray(samples) || !Array.isArray(timeDeltas) || samples.length !== timeDeltas.length)
    return refuse('samples and timeDeltas of the same length in a .cpuprofile')
  let micros = 0
  const times = samples.map((id: unknown, at): SampleTime => {
    micros += finite(timeDeltas[at], 'timeDeltas')
    const node = nodes.indexOf(id)
    return { micros: Math.round(micros), node: node ?? refuse(`a node for sample ${at} of a .cpuprofile`) }
  })
  if (times.some(time => Math.abs(time.micros) > 2 ** 42))
    return refuse('timeDeltas in microseconds that add up to less than 50 days in a .cpuprofile')
  return times.sort((a, b) => a.micros - b.micros)
}

function medianGap(times: readonly SampleTime[]): number {
  const gaps = times.slice(1).map((time, at) => time.micros - times[at]!.micros)
  return gaps.sort((a, b) => a - b)[gaps.length >> 1] ?? 0
}

/** Rows of the recording's stacks by node; -1 for the root, which says nothing. */
function addStacks(recording: SampledRecording, nodes: CpuprofileNodes): Int32Array {
  const rows = new Int32Array(nodes.length).fill(-1)
  for (const node of nodes.parentsFirst) {
    const parentNode = nodes.parent[node]!
    const frame = nodes.frames[node]!
    if (parentNode < 0 && frame.functionName === '(root)') continue
    rows[node] = recording.addStack(recording.addFrame(frame), parentNode < 0 ? -1 : rows[parentNode]!)
  }
  return rows
}

function finite(value: unknown, name: string): number {
  if (typeof value !== 'number' || !Number.isFinite(value))
    return refuse(`a number in ${name} of a .cpuprofile`)
  return value
}
