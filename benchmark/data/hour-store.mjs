// A store of many recordings of an hour each, with the stacks of real profiles at 20 ms and six endpoints, in segments of
// two minutes.
import { readFile } from 'node:fs/promises'
import { gunzipSync } from 'node:zlib'
import { readCpuprofile } from '../../dist/convert/read-cpuprofile.js'
import { encodeRecording } from '../../dist/format/index.js'
import { RecordingBuilder } from '../../dist/recording/recording-builder.js'
import { attributeType } from '../../dist/recording/schema.js'
import { nodeCodec } from '../../dist/collector/store/node-codec.js'

const profiles = new URL('../../test/fixtures/cpuprofiles/', import.meta.url)
const intervalMs = 20
const segmentMs = 120_000
export const hourMs = 3_600_000
/** On the hour. */
export const startMs = 1_699_999_200_000
export const endpoints = [
  'GET /products/:id',
  'GET /category/:name',
  'POST /orders',
  'GET /orders/:id',
  'POST /login',
  ''
]

/** Puts all segments; gives how many samples there are. */
export async function fillStore(catalog, recordings) {
  const sources = [await readSource('http-1ms.cpuprofile'), await readSource('tsc-10ms.cpuprofile.gz')]
  let samples = 0
  for (let number = 0; number < recordings; number++) {
    // One of eight is a compiler, whose stacks are deep and diverse.
    const source = sources[number % 8 === 7 ? 1 : 0]
    const recording = `benchmark${number}`.padEnd(26, '0')
    const resource = { 'service.name': 'shop', 'service.version': String(number % 4) }
    for (let part = 0; part < hourMs / segmentMs; part++) {
      const tables = samplesOf(source, number, part)
      samples += tables.samples.length
      const journals = [{ file: `b${number}`, from: part + 1, to: part + 2 }]
      const meta = { recording, label: 'shop', resource, journals }
      const bytes = await encodeRecording(tables, meta, nodeCodec)
      await catalog.addSegment(recording, `b${number}-${part + 1}-${part + 2}`, bytes)
    }
  }
  return samples
}

async function readSource(name) {
  const file = await readFile(new URL(name, profiles))
  const json = name.endsWith('.gz') ? gunzipSync(file) : file
  return readCpuprofile(json, { name: 'shop', startUnixNano: 0n })
}

/** The profile's samples in their order, each recording from another one on; a request's worth of them has one endpoint. */
function samplesOf(source, number, part) {
  const builder = new RecordingBuilder(BigInt(startMs) * 1_000_000n)
  const sets = pushEndpoints(builder)
  const profile = pushProfile(builder)
  const stackOf = stackCopier(source, builder)
  const length = segmentMs / intervalMs
  const first = number * 1009 + part * length
  for (let i = 0; i < length; i++) {
    const time = (part * segmentMs + i * intervalMs) * 1e6 + (((first + i) * 7919) % 400) * 1000
    const stack = stackOf(source.samples.stack[(first + i) % source.samples.length])
    const attributes = sets[Math.floor((first + i) / 3) % sets.length]
    builder.push('samples', { time, stack, link: 0, profile, value: 1, attributes })
  }
  return builder.snapshot()
}

function pushEndpoints({ strings, sets }) {
  const key = strings.intern('microlog.endpoint')
  return endpoints.map(endpoint => {
    if (endpoint) sets.add(key, attributeType.string, strings.intern(endpoint))
    return sets.close()
  })
}

function pushProfile(builder) {
  const text = word => builder.strings.intern(word)
  const none = { attributes: 0, droppedAttributes: 0 }
  const resource = builder.intern('resources', { ...none, schemaUrl: 0 })
  return builder.push('profiles', {
    ...none,
    resource,
    scope: builder.intern('scopes', { ...none, name: text('microlog'), version: text('1'), schemaUrl: 0 }),
    thread: builder.intern('threads', { id: 0, name: text('main'), resource }),
    time: 0,
    duration: segmentMs * 1e6,
    sampleType: text('wall'),
    sampleUnit: text('count'),
    periodType: text('wall'),
    periodUnit: text('nanoseconds'),
    period: intervalMs * 1e6,
    profileId: -1,
    original: -1
  })
}

/** Only what is used is taken over, as a sender does. */
function stackCopier({ stacks, frames, strings }, builder) {
  const known = new Map([[-1, -1]])
  const frameOf = frame =>
    builder.intern('frames', {
      ...Object.fromEntries(Object.entries(frames).map(([name, cells]) => [name, cells[frame]])),
      name: builder.strings.intern(strings[frames.name[frame]]),
      url: builder.strings.intern(strings[frames.url[frame]]),
      packageId: builder.strings.intern(strings[frames.packageId[frame]])
    })
  return function copy(stack) {
    if (!known.has(stack)) {
      const parent = copy(stacks.parent[stack])
      known.set(stack, builder.intern('stacks', { frame: frameOf(stacks.frame[stack]), parent }))
    }
    return known.get(stack)
  }
}
