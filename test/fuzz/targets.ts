// What reads bytes from outside, each with inputs that it takes, to be changed.
import { crc32 } from 'node:zlib'
import { readOtlpRequest } from '../../src/convert/otlp/read-request.ts'
import { writeOtlpJson } from '../../src/convert/otlp/write-otlp-json.ts'
import { readMicrologPython } from '../../src/convert/read-microlog-python.ts'
import { decodeJournal, encodeJournalEntry, journalMagic } from '../../src/collector/ingest/journal-entry.ts'
import type { JournalEntry } from '../../src/collector/ingest/journal-entry.ts'
import { readRequest } from '../../src/collector/ingest/read-request.ts'
import { encodeRecording, openRecording } from '../../src/format/index.ts'
import type { OtlpSignal } from '../../src/otlp/sink.ts'
import { pythonPickle } from '../convert/microlog-python/python-fixtures.ts'
import { memoryFile } from '../format/memory-file.ts'
import { nodeCodec } from '../helpers/node-codec.ts'
import { encodeByOracle } from '../helpers/otlp-oracle.ts'
import { otlpFixtures } from '../helpers/otlp-fixtures.ts'
import { Random } from '../helpers/random.ts'
import { randomRequest } from '../helpers/random-otlp.ts'
import { randomRecording } from '../helpers/recordings.ts'
import { foreignTargets } from './foreign-targets.ts'
import { mutate } from './mutate.ts'

export interface FuzzTarget {
  name: string
  seeds: readonly Uint8Array[]
  /** May throw a MicrologError, nothing else. @param random for choices beside the bytes */
  read(bytes: Uint8Array, random: Random): unknown
}

const signals = ['traces', 'logs', 'metrics', 'profiles'] as const
const largestSeed = 20_000

function readOtlp(encoding: 'protobuf' | 'json', bytes: Uint8Array, random: Random): void {
  const signal = random.pick(signals)
  const { slices } = readOtlpRequest({
    signal,
    encoding,
    bytes,
    identify: resource => resource.get('a') ?? ''
  })
  if (random.chance(0.8)) return
  for (const { recording } of slices) for (const line of writeOtlpJson(recording)) JSON.parse(line)
}

function randomRequests(): { signal: OtlpSignal; request: object }[] {
  return signals.flatMap(signal =>
    [1, 2, 3].map(seed => ({ signal, request: randomRequest(new Random(seed), signal) }))
  )
}

function sentBodies(encoding: 'protobuf' | 'json'): Uint8Array[] {
  return otlpFixtures()
    .filter(fixture => fixture.encoding === encoding)
    .map(({ bytes }) => bytes)
    .filter(({ length }) => length > 0 && length < largestSeed)
}

function otlpTargets(): FuzzTarget[] {
  const requests = randomRequests()
  return [
    {
      name: 'OTLP protobuf',
      seeds: [
        ...sentBodies('protobuf'),
        ...requests.map(({ signal, request }) => encodeByOracle(signal, request as never))
      ],
      read: (bytes, random) => readOtlp('protobuf', bytes, random)
    },
    {
      name: 'OTLP JSON',
      seeds: [...sentBodies('json'), ...requests.map(({ request }) => Buffer.from(JSON.stringify(request)))],
      read: (bytes, random) => readOtlp('json', bytes, random)
    }
  ]
}

/** Checksums catch nearly all changes: so what blocks inflate to is changed, too, which comes after them. */
async function segmentTargets(): Promise<FuzzTarget[]> {
  const meta = { recording: 'r', label: 'fuzz', journals: [{ file: 'j-1', from: 0, to: 99 }] }
  const seeds = await Promise.all(
    [1, 2, 3].map(seed => encodeRecording(randomRecording(seed, 3), meta, nodeCodec))
  )
  return [
    {
      name: 'segment',
      seeds,
      read: async bytes => (await openRecording(memoryFile(bytes), nodeCodec)).read()
    },
    {
      name: 'segment with right checksums',
      seeds,
      async read(_, random) {
        const hostile = {
          deflate: nodeCodec.deflate,
          async inflate(bytes: Uint8Array, size: number) {
            const whole = await nodeCodec.inflate(bytes, size)
            if (random.chance(0.8)) return whole
            const changed = mutate(random, whole, whole)
            // The reader has checked the length before this.
            return Uint8Array.from({ length: size }, (_, i) => changed[i] ?? 0)
          }
        }
        await (await openRecording(memoryFile(random.pick(seeds)), hostile)).read()
      }
    }
  ]
}

function journalTarget(): FuzzTarget {
  const entries = signals.flatMap((signal, i) => {
    const body = encodeByOracle(signal, randomRequest(new Random(i + 9), signal))
    const head = { position: i + 1, receivedMs: 1795333068669, signal, coding: 'identity' } as const
    return encodeJournalEntry({ ...head, encoding: 'protobuf', recordings: ['a'.repeat(26)], body })
  })
  return {
    name: 'journal',
    seeds: [Buffer.concat([journalMagic, ...entries])],
    async read(bytes, random) {
      const whole = random.chance(0.5) ? bytes : withRightChecksums(bytes)
      for (const entry of decodeWithoutError(whole)) await readRequest(entry)
    }
  }
}

/** A journal that makes its reader throw would keep a collector from starting. */
function decodeWithoutError(bytes: Uint8Array): JournalEntry[] {
  try {
    return decodeJournal(bytes).entries
  } catch (cause) {
    throw new Error('The journal was not read to its end', { cause })
  }
}

function withRightChecksums(bytes: Uint8Array): Uint8Array {
  const mended = bytes.slice()
  const view = new DataView(mended.buffer)
  for (let at = journalMagic.length; at + 8 <= mended.length;) {
    const end = at + 8 + view.getUint32(at, true)
    if (end > mended.length) break
    view.setUint32(at + 4, crc32(mended.subarray(at + 8, end)), true)
    at = end
  }
  return mended
}

/** What the file inflates to, in a thread that is ended if need be. */
function pythonTarget(): FuzzTarget {
  return {
    name: 'pickle of Microlog for Python',
    seeds: ['hello', 'fib', 'threads'].map(pythonPickle),
    read: pickle => readMicrologPython(pickle, { name: '', savedUnixMs: 0 })
  }
}

export async function fuzzTargets(): Promise<FuzzTarget[]> {
  return [...otlpTargets(), ...(await segmentTargets()), journalTarget(), pythonTarget(), ...foreignTargets()]
}
