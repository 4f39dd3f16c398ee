import { MicrologError } from '../base/errors.ts'
import { parseJson } from '../otlp/parse-json.ts'
import { RecordingBuilder } from '../recording/recording-builder.ts'
import { attributeType } from '../recording/schema.ts'
import type { Recording } from '../recording/schema.ts'
import { readCpuprofileNodes } from './cpuprofile-nodes.ts'
import type { CpuprofileNodes } from './cpuprofile-nodes.ts'

/** What a .cpuprofile doesn't say itself. */
export interface CpuprofileOrigin {
  /** Becomes service.name: the file's name, say. */
  name: string
  /** When the profile began; its own times count from the machine's start. Not used where they are Unix time. */
  startUnixNano: bigint
}

/** A profile is flat; anything deeper isn't one. */
const deepest = 16
/** µs since 1970, as our own export writes them: no machine has been up for 31 years. */
const unixMicros = 1e15

/**
 * Reads a V8 .cpuprofile (https://chromedevtools.github.io/devtools-protocol/tot/Profiler/#type-Profile) with nodes that
 * name their children or their parent. Samples are put in order of time, since V8 may give negative differences.
 */
export function readCpuprofile(bytes: Uint8Array, { name, startUnixNano }: CpuprofileOrigin): Recording {
  const json = parse(bytes)
  const nodes = readCpuprofileNodes(json.nodes)
  const times = sampleTimes(json, nodes)
  const startMicros = finite(json.startTime, 'startTime')
  const epoch = startMicros >= unixMicros ? BigInt(Math.round(startMicros)) * 1000n : startUnixNano
  const builder = new RecordingBuilder(epoch)
  const resource = addResource(builder, name)
  const stacks = addStacks(builder, nodes)
  const wall = builder.strings.intern('wall')
  const last = times.at(-1)?.micros ?? 0
  const profile = builder.push('profiles', {
    resource,
    scope: builder.intern('scopes', {
      name: 0,
      version: 0,
      attributes: 0,
      droppedAttributes: 0,
      schemaUrl: 0
    }),
    thread: builder.intern('threads', { id: 0, name: builder.strings.intern('main'), resource }),
    time: 0,
    duration: Math.max(0, Math.round((finite(json.endTime, 'endTime') - startMicros) * 1000), last * 1000),
    sampleType: wall,
    sampleUnit: builder.strings.intern('count'),
    periodType: wall,
    periodUnit: builder.strings.intern('nanoseconds'),
    period: medianGap(times) * 1000,
    profileId: -1,
    attributes: 0,
    droppedAttributes: 0,
    original: -1
  })
  for (const { micros, node } of times) {
    builder.push('samples', {
      time: micros * 1000,
      stack: stacks[node]!,
      link: 0,
      profile,
      value: 1,
      attributes: 0
    })
  }
  return builder.snapshot()
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
function addStacks(builder: RecordingBuilder, nodes: CpuprofileNodes): Int32Array {
  const rows = new Int32Array(nodes.length).fill(-1)
  for (const node of nodes.parentsFirst) {
    const parentNode = nodes.parent[node]!
    const { functionName, url, line, column } = nodes.frames[node]!
    if (parentNode < 0 && functionName === '(root)') continue
    const frame = builder.intern('frames', {
      name: builder.strings.intern(functionName),
      url: builder.strings.intern(url),
      line,
      column,
      packageId: 0
    })
    rows[node] = builder.intern('stacks', { frame, parent: parentNode < 0 ? -1 : rows[parentNode]! })
  }
  return rows
}

function addResource(builder: RecordingBuilder, name: string): number {
  const { strings, sets } = builder
  sets.add(strings.intern('service.name'), attributeType.string, strings.intern(name))
  return builder.intern('resources', { attributes: sets.close(), droppedAttributes: 0, schemaUrl: 0 })
}

function finite(value: unknown, name: string): number {
  if (typeof value !== 'number' || !Number.isFinite(value))
    throw new MicrologError('invalid-input', `Expected a number in ${name} of a .cpuprofile`)
  return value
}
