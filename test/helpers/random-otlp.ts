// Random but valid OTLP/JSON of every signal, made by walking the protocol's own table of fields: whatever field there
// is turns up sooner or later, in every combination.
import { readFileSync } from 'node:fs'
import type { OtlpSignal } from '../../src/otlp/sink.ts'
import { requestNames } from './otlp-oracle.ts'
import type { Random } from './random.ts'

type Value = Record<string, unknown>

const schema = JSON.parse(readFileSync(new URL('otlp-1.11.json', import.meta.url), 'utf8')) as Record<
  string,
  Record<string, [number: number, type: string, rule?: 'repeated' | 'optional']>
>

/** Of these fields a message has one. */
const oneOf: Record<string, string[]> = {
  'common.v1.AnyValue': [
    'stringValue',
    'boolValue',
    'intValue',
    'doubleValue',
    'arrayValue',
    'kvlistValue',
    'bytesValue'
  ],
  'metrics.v1.Metric': ['gauge', 'sum', 'histogram', 'exponentialHistogram', 'summary'],
  'metrics.v1.NumberDataPoint': ['asDouble', 'asInt'],
  'metrics.v1.Exemplar': ['asDouble', 'asInt']
}
const never = new Set(['keyStrindex', 'stringValueStrindex'])
const always = new Set(['traceId', 'spanId', 'timestampsUnixNano'])
const idBytes: Record<string, number> = { traceId: 16, profileId: 16, spanId: 8, parentSpanId: 8 }
const enums: Record<string, number> = { kind: 6, code: 3, severityNumber: 25, aggregationTemporality: 3 }
const texts = ['', 'a', 'service.name', 'GET /items/:id', 'héllo ✓', '𝒳 \u0000 "\\', '<b>', 'x'.repeat(300)]
const tableSize = 5
const baseTime = 1795333068669000000n

export function randomRequest(random: Random, signal: OtlpSignal): Value {
  const request = message(random, requestNames[signal], 0)
  if (signal === 'profiles') request.dictionary = dictionary(random)
  return request
}

function message(random: Random, type: string, depth: number): Value {
  const result: Value = {}
  const chosen = oneOf[type] && random.pick(oneOf[type])
  for (const [name, [, kind, rule]] of Object.entries(schema[type]!)) {
    if (never.has(name) || name === 'dictionary') continue
    if (oneOf[type]?.includes(name) ? name !== chosen : !always.has(name) && !random.chance(0.7)) continue
    const one = () => (schema[kind] ? message(random, kind, depth + 1) : scalar(random, name, kind))
    // Values nest less and less, or there would be no end.
    const count = depth > 12 ? 0 : 1 + random.below(3)
    result[name] = rule === 'repeated' ? Array.from({ length: count }, one) : one()
  }
  // Parallel lists.
  if (type.endsWith('.Sample'))
    result.values = (result.timestampsUnixNano as unknown[]).map(() => integer(random))
  return result
}

function dictionary(random: Random): Value {
  const type = 'profiles.v1development.ProfilesDictionary'
  const tables: Value = {}
  for (const [name, [, kind]] of Object.entries(schema[type]!)) {
    const zero = kind === 'string' ? '' : {}
    const entry = (at: number) => (kind === 'string' ? `text ${at}` : message(random, kind, 8))
    tables[name] = [zero, ...Array.from({ length: tableSize - 1 }, (_, at) => entry(at))]
  }
  return tables
}

function scalar(random: Random, name: string, kind: string): unknown {
  if (/(Strindex|Index|Indices)$/.test(name)) return random.below(tableSize)
  if (idBytes[name]) return random.hex(idBytes[name])
  if (enums[name]) return random.below(enums[name])
  if (/UnixNano$/.test(name)) return String(baseTime + BigInt(random.below(1e12)))
  switch (kind) {
    case 'string':
      return random.pick(texts)
    case 'bytes':
      return Buffer.from(random.hex(random.below(9)), 'hex').toString('base64')
    case 'bool':
      return random.chance(0.5)
    case 'double':
      return random.pick([0, '-0', 0.1, -1.5e300, 42, 'NaN', 'Infinity', '-Infinity', random.next()])
    case 'int64':
    case 'sfixed64':
      return integer(random)
    case 'uint64':
    case 'fixed64':
      return random.pick(['0', '1', '18446744073709551615', String(random.below(1e9))])
    case 'sint32':
    case 'int32':
      return random.below(2000) - 1000
    default:
      return random.pick([0, 1, 257, 4294967295])
  }
}

function integer(random: Random): string {
  const values = [0n, 1n, -1n, 9007199254740991n, 9007199254740993n, -(2n ** 63n), 2n ** 63n - 1n]
  return String(random.pick([...values, BigInt(random.below(1e9))]))
}
