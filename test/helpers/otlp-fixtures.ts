import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import type { OtlpEncoding } from '../../src/otlp/read-otlp.ts'
import type { OtlpSignal } from '../../src/otlp/sink.ts'

export interface OtlpFixture {
  name: string
  signal: OtlpSignal
  encoding: OtlpEncoding
  /** Inflated. */
  bytes: Uint8Array
}

const folder = new URL('../fixtures/otlp/', import.meta.url)

/** Every body of test/fixtures/otlp; those of the SDK with the signal and encoding that their headers say. */
export function otlpFixtures(): OtlpFixture[] {
  return [
    ...sdkBodies(),
    ...protoExamples(),
    ...shopBodies('spans-5k', 'traces'),
    ...shopBodies('logs-5k', 'logs')
  ]
}

function sdkBodies(): OtlpFixture[] {
  const names = ['traces', 'logs', 'metrics'].flatMap(signal =>
    ['json', 'json-gzip', 'proto', 'proto-gzip'].map(kind => `${signal}-${kind}`)
  )
  return names.map(name => {
    const base = `node-sdk-2.12/${name}`
    const { url, headers } = JSON.parse(readFileSync(new URL(`${base}.headers.json`, folder), 'utf8')) as {
      url: string
      headers: Record<string, string>
    }
    const body = readFileSync(new URL(`${base}.body`, folder))
    return {
      name: base,
      signal: url.replace('/v1/', '') as OtlpSignal,
      encoding: headers['content-type'] === 'application/json' ? 'json' : 'protobuf',
      bytes: headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body
    }
  })
}

function protoExamples(): OtlpFixture[] {
  const signals = { events: 'logs', logs: 'logs', metrics: 'metrics', trace: 'traces' } as const
  return Object.entries(signals).map(([file, signal]) => {
    const name = `opentelemetry-proto-1.11/${file}.json`
    return { name, signal, encoding: 'json', bytes: readFileSync(new URL(name, folder)) }
  })
}

/** Requests, each preceded by its length as u32 little-endian. */
function shopBodies(file: string, signal: OtlpSignal): OtlpFixture[] {
  const bytes = readFileSync(new URL(`shop/${file}.lp.bin`, folder))
  const fixtures: OtlpFixture[] = []
  for (let at = 0; at < bytes.length;) {
    const end = at + 4 + bytes.readUInt32LE(at)
    fixtures.push({
      name: `shop/${file} from ${at}`,
      signal,
      encoding: 'protobuf',
      bytes: bytes.subarray(at + 4, end)
    })
    at = end
  }
  return fixtures
}
