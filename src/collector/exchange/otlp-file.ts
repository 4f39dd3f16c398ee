// Files of OTLP as tools write them: one JSON request, JSON lines, one protobuf request, or many, each after its
// length as u32 of either byte order. Which signal a request carries is read from its own bytes.
import { ByteReader } from '../../base/byte-reader.ts'
import { MicrologError } from '../../base/errors.ts'
import type { OtlpSignal } from '../../otlp/sink.ts'

export interface OtlpPart {
  signal: OtlpSignal
  encoding: 'protobuf' | 'json'
  body: Uint8Array
}

/** Undefined where the bytes are nothing like OTLP. */
export function splitOtlpFile(bytes: Uint8Array): OtlpPart[] | undefined {
  if (looksLikeJson(bytes)) return splitJson(bytes)
  const bodies = splitByLengths(bytes, true) ?? splitByLengths(bytes, false) ?? [bytes]
  const parts: OtlpPart[] = []
  for (const body of bodies) {
    if (body.length === 0) continue
    const signal = signalOfProtobuf(body)
    if (signal === undefined) return undefined
    parts.push({ signal, encoding: 'protobuf', body })
  }
  return parts.length > 0 ? parts : undefined
}

function looksLikeJson(bytes: Uint8Array): boolean {
  const first = bytes.find(byte => byte > 0x20 && byte !== 0xef && byte !== 0xbb && byte !== 0xbf)
  return first === 0x7b
}

const jsonSignals: [key: string, signal: OtlpSignal][] = [
  ['resourceSpans', 'traces'],
  ['resourceLogs', 'logs'],
  ['resourceMetrics', 'metrics'],
  ['resourceProfiles', 'profiles']
]

function splitJson(bytes: Uint8Array): OtlpPart[] | undefined {
  const text = new TextDecoder().decode(bytes)
  const whole = parseObject(text)
  const requests = whole === undefined ? text.split('\n').filter(line => line.trim() !== '') : [text]
  const parts: OtlpPart[] = []
  for (const [i, request] of requests.entries()) {
    const value = whole ?? parseObject(request)
    if (value === undefined) {
      if (i === 0) return undefined
      throw new MicrologError(
        'invalid-input',
        `Expected an OTLP request in JSON on each line, line ${i + 1} isn't`
      )
    }
    const signals = jsonSignals.filter(([key]) => Object.hasOwn(value, key))
    if (signals.length === 0 && i === 0) return undefined
    for (const [, signal] of signals) parts.push({ signal, encoding: 'json', body: Buffer.from(request) })
  }
  return parts
}

function parseObject(text: string): object | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? value : undefined
  } catch (thrown) {
    if (thrown instanceof SyntaxError) return undefined
    throw thrown
  }
}

/** Undefined unless the lengths lead exactly to the end. */
function splitByLengths(bytes: Uint8Array, littleEndian: boolean): Uint8Array[] | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const bodies: Uint8Array[] = []
  for (let at = 0; at < bytes.length;) {
    if (at + 4 > bytes.length) return undefined
    const length = view.getUint32(at, littleEndian)
    if (length > bytes.length - at - 4) return undefined
    bodies.push(bytes.subarray(at + 4, at + 4 + length))
    at += 4 + length
  }
  return bodies
}

/** All requests begin alike: resource > scope > item, each as field 1, 2, 2. The first item tells, or a dictionary. */
function signalOfProtobuf(body: Uint8Array): OtlpSignal | undefined {
  try {
    const request = readFields(body)
    if (request.some(({ field }) => field === 2)) return 'profiles'
    for (const group of contents(request, 1)) {
      for (const scope of contents(readFields(group), 2)) {
        for (const item of contents(readFields(scope), 2)) return signalOfItem(readFields(item))
      }
    }
  } catch (thrown) {
    if (!(thrown instanceof MicrologError)) throw thrown
  }
  return undefined
}

function signalOfItem(fields: readonly Field[]): OtlpSignal | undefined {
  const find = (field: number): Field | undefined => fields.find(other => other.field === field)
  // Span: trace_id and span_id. LogRecord: a time, or the time it was observed. Metric: a name and its data.
  if (find(1)?.content?.length === 16 && find(2)?.content?.length === 8) return 'traces'
  if (find(1)?.wireType === 1 || find(11)?.wireType === 1) return 'logs'
  if ([5, 7, 9, 10, 11].some(field => find(field)?.wireType === 2) && find(1)?.content) return 'metrics'
  return find(5)?.wireType === 2 ? 'logs' : undefined
}

interface Field {
  field: number
  wireType: number
  /** Of a length-delimited one. */
  content: Uint8Array | undefined
}

function contents(fields: readonly Field[], field: number): Uint8Array[] {
  return fields.flatMap(other => (other.field === field && other.content ? [other.content] : []))
}

function readFields(bytes: Uint8Array): Field[] {
  const reader = new ByteReader(bytes)
  const fields: Field[] = []
  while (reader.remaining > 0) {
    const tag = reader.varint()
    const [field, wireType] = [Math.floor(tag / 8), tag % 8]
    let content: Uint8Array | undefined
    if (wireType === 0) skipVarint(reader)
    else if (wireType === 1) reader.raw(8)
    else if (wireType === 2) content = reader.bytes()
    else if (wireType === 5) reader.u32()
    else throw new MicrologError('corrupt', `Expected a protobuf wire type, found ${wireType}`)
    fields.push({ field, wireType, content })
  }
  return fields
}

/** Up to ten bytes: negative numbers don't fit a safe integer. */
function skipVarint(reader: ByteReader): void {
  while (reader.u8() >= 0x80) continue
}
