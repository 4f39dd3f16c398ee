// Files of other tools, as they are imported: read, kept as a segment, and now and then written as each format.
import { readOtlpRequest } from '../../src/convert/otlp/read-request.ts'
import { looksLikeOtlp, splitOtlpFile } from '../../src/convert/otlp-file.ts'
import { readCpuprofile } from '../../src/convert/read-cpuprofile.ts'
import { readPprof } from '../../src/convert/read-pprof.ts'
import { readSpeedscope } from '../../src/convert/read-speedscope.ts'
import type { ProfileOrigin } from '../../src/convert/sampled-recording.ts'
import { writeCpuprofile } from '../../src/convert/write-cpuprofile.ts'
import { writePprof } from '../../src/convert/write-pprof.ts'
import { writeSpeedscope } from '../../src/convert/write-speedscope.ts'
import { looksLikePprof } from '../../src/convert/pprof-file.ts'
import { encodeRecording } from '../../src/format/index.ts'
import type { Recording } from '../../src/format/index.ts'
import { nodeCodec } from '../helpers/node-codec.ts'
import { otlpFixtures } from '../helpers/otlp-fixtures.ts'
import { pprofFromText } from '../helpers/pprof-from-text.ts'
import { recordingFromText } from '../helpers/recording-from-text.ts'
import type { FuzzTarget } from './targets.ts'

const origin: ProfileOrigin = { name: 'fuzz', startUnixNano: 1_700_000_000_000_000_000n }
const meta = { recording: 'r', label: 'fuzz' }

function profiled(): Recording {
  return recordingFromText(`
    0ms      1ms      2ms     3ms      40ms
    #a       #a
    main     main     (idle)  main     main
    handler  handler          parse
  `)
}

function bytesOf(json: unknown): Uint8Array {
  return new TextEncoder().encode(typeof json === 'string' ? json : JSON.stringify(json))
}

/** What is taken can be kept and given away again. */
async function readAndKeep(recording: Recording, isExported: boolean): Promise<void> {
  await encodeRecording(recording, meta, nodeCodec)
  if (!isExported) return
  writeCpuprofile(recording)
  writePprof(recording, 'fuzz')
  for (const piece of writeSpeedscope(recording, 'fuzz')) void piece
}

function profileTarget(
  name: string,
  seeds: readonly Uint8Array[],
  read: (bytes: Uint8Array, origin: ProfileOrigin) => Recording
): FuzzTarget {
  return {
    name,
    seeds,
    read: (bytes, random) => readAndKeep(read(bytes, origin), random.chance(0.2))
  }
}

const speedscopeEvents = {
  $schema: 'https://www.speedscope.app/file-format-schema.json',
  shared: { frames: [{ name: 'main', file: 'a.js', line: 3, col: 1 }, { name: '' }] },
  profiles: [
    {
      type: 'evented',
      name: 'a',
      unit: 'seconds',
      startValue: 1e9,
      endValue: 1e9 + 3,
      events: [
        { type: 'O', frame: 0, at: 1e9 },
        { type: 'O', frame: 1, at: 1e9 + 1 },
        { type: 'C', frame: 1, at: 1e9 + 2 },
        { type: 'C', frame: 0, at: 1e9 + 3 }
      ]
    },
    {
      type: 'sampled',
      name: '',
      unit: 'none',
      startValue: 0,
      endValue: 3,
      samples: [[0, 1], []],
      weights: [1, 2]
    }
  ]
}

const parentsNamed = {
  nodes: [
    { id: 1, callFrame: { functionName: '(root)', url: '', lineNumber: -1, columnNumber: -1 } },
    {
      id: 2,
      parent: 1,
      callFrame: { functionName: 'main', url: 'file:///a.js', lineNumber: 0, columnNumber: 4 }
    }
  ],
  startTime: 1.7e15,
  endTime: 1.7e15 + 90_000,
  samples: [2, 1, 2],
  timeDeltas: [-1000, 2000, 100]
}

/** A file of requests: the collector's file exporter writes one a line. */
function otlpFileTarget(): FuzzTarget {
  const small = otlpFixtures().filter(({ bytes }) => bytes.length > 0 && bytes.length < 5000)
  const json = small.filter(({ encoding }) => encoding === 'json').map(({ bytes }) => bytes)
  const protobuf = small.filter(({ encoding }) => encoding === 'protobuf').map(({ bytes }) => bytes)
  const prefixed = protobuf.flatMap(bytes => {
    const length = new Uint8Array(4)
    new DataView(length.buffer).setUint32(0, bytes.length)
    return [length, bytes]
  })
  return {
    name: 'file of OTLP',
    seeds: [
      Buffer.concat(json.flatMap(bytes => [bytes, bytesOf('\n')])),
      Buffer.concat(prefixed),
      ...json.slice(0, 3)
    ],
    read(bytes) {
      if (!looksLikeOtlp(bytes)) return
      for (const request of splitOtlpFile(bytes)) readOtlpRequest({ ...request, identify: () => 'one' })
    }
  }
}

export function foreignTargets(): FuzzTarget[] {
  const types = ['samples/count', 'cpu/nanoseconds']
  return [
    profileTarget(
      '.cpuprofile',
      [bytesOf(writeCpuprofile(profiled())), bytesOf(parentsNamed)],
      readCpuprofile
    ),
    profileTarget(
      'speedscope',
      [bytesOf([...writeSpeedscope(profiled(), 'shop')].join('')), bytesOf(speedscopeEvents)],
      readSpeedscope
    ),
    profileTarget(
      'pprof',
      [
        writePprof(profiled(), 'shop'),
        pprofFromText({ types, samples: ['main f: 1 1000', '-: 2 3'], period: '10 cpu/nanoseconds' })
      ],
      (bytes, from) => {
        looksLikePprof(bytes)
        return readPprof(bytes, from)
      }
    ),
    otlpFileTarget()
  ]
}
