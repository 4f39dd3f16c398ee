// All timing samples of a recording as a pprof file (https://github.com/google/pprof/blob/main/proto/profile.proto):
// sums of those with one stack in one span on one thread. Idle time is left out; gzip is the caller's.
import {
  Function as PprofFunction,
  Label,
  Line,
  Location,
  Mapping,
  Profile,
  Sample,
  StringTable,
  ValueType
} from 'pprof-format'
import { MicrologError } from '../base/errors.ts'
import { samplingPeriods } from '../recording/calls.ts'
import { listHeapSnapshots } from '../recording/heap-calls.ts'
import { spanIdAt, traceIdAt } from '../recording/ids.ts'
import type { Recording } from '../recording/schema.ts'
import { pprofThreadLabels } from './pprof-messages.ts'
import { buildStackPaths, checkFrameCount, weighThreads } from './weighed-samples.ts'
import type { StackPaths, WeighedThread } from './weighed-samples.ts'

interface Sum {
  stack: number
  labels: Label[]
  /** One for each sample type. */
  values: number[]
}

/** @param label what people know the recording by */
export function writePprof(recording: Recording, label: string): Uint8Array {
  const texts = new StringTable()
  const paths = buildStackPaths(recording)
  const threads = weighThreads(recording)
  const heap = listHeapSnapshots(recording).at(-1)
  if (threads.length === 0 && !heap)
    throw new MicrologError('not-found', 'Expected timing samples or a heap profile, found none')
  const types: [type: string, unit: string][] = [
    ['samples', 'count'],
    ['wall', 'nanoseconds']
  ]
  const sums = sumTimes(recording, threads, paths, texts)
  if (heap) {
    types.push(['inuse_space', 'bytes'])
    for (const { values } of sums) values.push(0)
    // One by one: a heap of a hundred thousand stacks is more than a call takes as arguments.
    for (const sum of sumHeap(recording, heap.profile)) sums.push(sum)
  }
  checkFrameCount(
    paths,
    sums.map(({ stack }) => stack),
    'pprof'
  )
  const locations = new FrameLocations(recording, texts)
  const sample = sums.map(
    ({ stack, labels, values }) =>
      new Sample({ locationId: paths.pathOf(stack).map(locations.idOf), value: values, label: labels })
  )
  return new Profile({
    sampleType: types.map(([type, unit]) => valueType(texts, type, unit)),
    sample,
    mapping: [
      new Mapping({
        id: 1,
        filename: texts.dedup(label),
        // Nothing is left to look up: tools don't search for a binary.
        hasFunctions: true,
        hasFilenames: true,
        hasLineNumbers: true
      })
    ],
    location: locations.locations,
    function: locations.functions,
    stringTable: texts,
    ...timesOf(recording, threads),
    periodType: valueType(texts, 'wall', 'nanoseconds'),
    period: Math.round(usualPeriod(recording, threads)),
    defaultSampleType: texts.dedup('wall')
  }).encode()
}

function valueType(texts: StringTable, type: string, unit: string): ValueType {
  return new ValueType({ type: texts.dedup(type), unit: texts.dedup(unit) })
}

function sumTimes(
  recording: Recording,
  threads: readonly WeighedThread[],
  { idle }: StackPaths,
  texts: StringTable
): Sum[] {
  const { samples, links } = recording
  const labelsOfLink = createLinkLabels(recording, texts)
  const sums: Sum[] = []
  for (const { id, name, rows, weights } of threads) {
    const known = new Map<number, Sum>()
    const ofThread = textLabels(texts, [
      [pprofThreadLabels.name, name],
      [pprofThreadLabels.id, String(id)]
    ])
    rows.forEach((row, i) => {
      const stack = samples.stack[row]!
      if (stack < 0 || idle[stack]) return
      const link = Math.max(0, samples.link[row]!)
      const key = stack * links.length + link
      let sum = known.get(key)
      if (!sum) {
        sum = { stack, labels: [...ofThread, ...labelsOfLink(link)], values: [0, 0] }
        known.set(key, sum)
        sums.push(sum)
      }
      sum.values[0]!++
      sum.values[1]! += weights[i]!
    })
  }
  return sums
}

/** What lived at the end, by the stacks that allocated it. */
function sumHeap({ samples }: Recording, profile: number): Sum[] {
  const sums: Sum[] = []
  for (let row = 0; row < samples.length; row++) {
    if (samples.profile[row] === profile && samples.stack[row]! >= 0)
      sums.push({ stack: samples.stack[row]!, labels: [], values: [0, 0, Math.round(samples.value[row]!)] })
  }
  return sums
}

/** Those that have a text. */
function textLabels(texts: StringTable, labels: readonly (readonly [key: string, text: string])[]): Label[] {
  return labels
    .filter(([, text]) => text !== '')
    .map(([key, text]) => new Label({ key: texts.dedup(key), str: texts.dedup(text) }))
}

/** Labels that name the span of a link, made once for each. */
function createLinkLabels(recording: Recording, texts: StringTable): (link: number) => readonly Label[] {
  const { links, spans, strings } = recording
  const names = new Map<string, string>()
  for (let row = 0; row < spans.length; row++)
    names.set(spanKey(spans.traceId, spans.spanId, row), strings[spans.name[row]!]!)
  const known = new Map<number, readonly Label[]>([[0, []]])
  return link => {
    let labels = known.get(link)
    if (!labels) {
      labels = textLabels(texts, [
        ['span name', names.get(spanKey(links.traceId, links.spanId, link)) ?? ''],
        ['trace id', traceIdAt(links.traceId, link)],
        ['span id', spanIdAt(links.spanId, link)]
      ])
      known.set(link, labels)
    }
    return labels
  }
}

function spanKey(traceId: Uint8Array, spanId: Uint8Array, row: number): string {
  return traceIdAt(traceId, row) + spanIdAt(spanId, row)
}

/** A function and a location for each frame that is asked for; ids count from 1. */
class FrameLocations {
  readonly locations: Location[] = []
  readonly functions: PprofFunction[] = []
  readonly #ids = new Map<number, number>()
  readonly #recording: Recording
  readonly #texts: StringTable

  constructor(recording: Recording, texts: StringTable) {
    this.#recording = recording
    this.#texts = texts
  }

  readonly idOf = (frame: number): number => {
    const known = this.#ids.get(frame)
    if (known !== undefined) return known
    const { frames, strings } = this.#recording
    const id = this.functions.length + 1
    const name = this.#texts.dedup(strings[frames.name[frame]!] || '(anonymous)')
    const filename = this.#texts.dedup(strings[frames.url[frame]!]!)
    const line = frames.line[frame]!
    this.functions.push(new PprofFunction({ id, name, systemName: name, filename, startLine: line }))
    const place = new Line({ functionId: id, line, column: frames.column[frame]! })
    this.locations.push(new Location({ id, mappingId: 1, line: [place] }))
    this.#ids.set(frame, id)
    return id
  }
}

function timesOf(
  { epoch, samples }: Recording,
  threads: readonly WeighedThread[]
): { timeNanos: bigint; durationNanos: number } {
  let [from, to] = [Infinity, -Infinity]
  for (const { rows, weights } of threads) {
    const [first, last] = [rows[0]!, rows[rows.length - 1]!]
    from = Math.min(from, samples.time[first]!)
    to = Math.max(to, samples.time[last]! + weights[weights.length - 1]!)
  }
  if (from > to) return { timeNanos: epoch, durationNanos: 0 }
  return { timeNanos: epoch + BigInt(Math.round(from)), durationNanos: Math.round(to - from) }
}

/** As the profile of the first thread says, unless most of its samples are nearer to each other. */
function usualPeriod(recording: Recording, [first]: readonly WeighedThread[]): number {
  if (!first) return 0
  const { rows, weights } = first
  const period = samplingPeriods(recording, rows)[recording.samples.profile[rows[0]!]!]!
  return Math.min(period, Float64Array.from(weights).sort()[weights.length >> 1]!)
}
