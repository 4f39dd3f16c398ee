import { MicrologError } from '../base/errors.ts'
import { parseJson } from '../otlp/parse-json.ts'
import type { Recording } from '../recording/schema.ts'
import { readCpuprofileNodes } from './cpuprofile-nodes.ts'
import type { CpuprofileNodes } from './cpuprofile-nodes.ts'
import { SampledRecording } from './sampled-recording.ts'
import type { ProfileOrigin } from './sampled-recording.ts'

/** A profile is flat; anything deeper isn't one. */
const deepest = 16
/** µs since 1970, as our own export writes them: no machine has been up for 31 years. */
const unixMicros = 1e15

/**
 * Reads a V8 .cpuprofile (https://chromedevtools.github.io/devtools-protocol/tot/Profiler/#type-Profile) with nodes that
 * name their children or their parent. Samples are put in order of time, since V8 may give negative differences.
 */
export function readCpuprofile(bytes: Uint8Array, { name, startUnixNano }: ProfileOrigin): Recording {
  const json = parse(bytes)
  const nodes = readCpuprofileNodes(json.nodes)
  const times = sampleTimes(json, nodes)
  const startMicros = finite(json.startTime, 'startTime')
  const epoch = startMicros >= unixMicros ? BigInt(Math.round(startMicros)) * 1000n : startUnixNano
  const recording = new SampledRecording(epoch, { 'service.name': name })
  const stacks = addStacks(recording, nodes)
  const last = times.at(-1)?.micros ?? 0
  const profile = recording.addProfile(recording.addThread(0, 'main'), {
    duration: Math.max(0, Math.round((finite(json.endTime, 'endTime') - startMicros) * 1000), last * 1000),
    period: medianGap(times) * 1000
  })
  for (const { micros, node } of times) recording.addSample(profile, micros * 1000, stacks[node]!)
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
    throw new MicrologError(
      'invalid-input',
      'Expected a .cpuprofile: an object with nodes, samples and timeDeltas'
    )
  return json as Record<string, unknown>
}

function sampleTimes(json: Record<string, unknown>, nodes: CpuprofileNodes): SampleTime[] {
  const { samples, timeDeltas } = json
  if (!Array.isArray(samples) || !Array.isArray(timeDeltas) || samples.length !== timeDeltas.length)
    throw new MicrologError(
      'invalid-input',
      'Expected samples and timeDeltas of the same length in a .cpuprofile'
    )
  let micros = 0
  const times = samples.map((id: unknown, at): SampleTime => {
    micros += finite(timeDeltas[at], 'timeDeltas')
    const node = nodes.indexOf(id)
    if (node === undefined) throw new MicrologError('invalid-input', `Expected a node for sample ${at}`)
    return { micros: Math.round(micros), node }
  })
  if (times.some(time => Math.abs(time.micros) > 2 ** 42))
    throw new MicrologError(
      'invalid-input',
      'Expected timeDeltas in microseconds that add up to less than 50 days'
    )
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
    throw new MicrologError('invalid-input', `Expected a number in ${name} of a .cpuprofile`)
  return value
}
