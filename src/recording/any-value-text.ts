// An OTLP AnyValue (opentelemetry/proto/common/v1) as text, for arrays and key-value lists that tables keep as bytes.
import { ByteReader } from '../base/byte-reader.ts'
import { MicrologError } from '../base/errors.ts'

type Json = string | number | boolean | null | Json[] | { [key: string]: Json }

/** As many levels as the collector takes. */
const deepest = 64
const utf8 = new TextDecoder()

/**
 * JSON, with 'NaN' and the infinities as OTLP/JSON has them; bytes as `<n bytes>`. What doesn't read as an AnyValue says so
 * instead of throwing.
 */
export function anyValueText(bytes: Uint8Array): string {
  try {
    const value = readAnyValue(bytes, 0)
    return typeof value === 'string' ? value : JSON.stringify(value)
  } catch (error) {
    if (error instanceof MicrologError) return `<unreadable value of ${bytes.length} bytes>`
    throw error
  }
}

function readAnyValue(bytes: Uint8Array, depth: number): Json {
  if (depth > deepest) throw new MicrologError('too-large', `Expected at most ${deepest} levels of values`)
  let value: Json = null
  eachField(bytes, (field, content) => {
    if (typeof content === 'bigint')
      value = field === 2 ? content !== 0n : toNumber(BigInt.asIntN(64, content))
    else if (typeof content === 'number') value = Number.isFinite(content) ? content : String(content)
    else if (field === 1) value = utf8.decode(content)
    else if (field === 5) value = readItems(content, depth)
    else if (field === 6) value = readPairs(content, depth)
    else if (field === 7) value = `<${content.length} bytes>`
  })
  return value
}

function readItems(bytes: Uint8Array, depth: number): Json {
  const items: Json[] = []
  eachField(bytes, (field, content) => {
    if (field === 1 && content instanceof Uint8Array) items.push(readAnyValue(content, depth + 1))
  })
  return items
}

function readPairs(bytes: Uint8Array, depth: number): Json {
  const pairs: [string, Json][] = []
  eachField(bytes, (field, content) => {
    if (field !== 1 || !(content instanceof Uint8Array)) return
    let key = ''
    let value: Json = null
    eachField(content, (inner, part) => {
      if (!(part instanceof Uint8Array)) return
      if (inner === 1) key = utf8.decode(part)
      else if (inner === 2) value = readAnyValue(part, depth + 1)
    })
    pairs.push([key, value])
  })
  return Object.fromEntries(pairs)
}

/** Calls back with varints as bigint, doubles as number and length-delimited fields as bytes. */
function eachField(
  bytes: Uint8Array,
  use: (field: number, content: bigint | number | Uint8Array) => void
): void {
  const reader = new ByteReader(bytes)
  while (reader.remaining > 0) {
    const tag = Number(readVarint(reader))
    const field = tag >>> 3
    const wireType = tag & 7
    if (wireType === 0) use(field, readVarint(reader))
    else if (wireType === 1) use(field, reader.f64())
    else if (wireType === 2) use(field, reader.raw(Number(readVarint(reader))))
    else if (wireType === 5) reader.u32()
    else throw new MicrologError('corrupt', `Expected a protobuf wire type, found ${wireType}`)
  }
}

function readVarint(reader: ByteReader): bigint {
  let value = 0n
  for (let shift = 0n; shift < 70n; shift += 7n) {
    const byte = reader.u8()
    value |= BigInt(byte & 0x7f) << shift
    if (byte < 0x80) return value
  }
  throw new MicrologError('corrupt', 'Expected a varint of at most 10 bytes')
}

function toNumber(value: bigint): Json {
  const number = Number(value)
  return Number.isSafeInteger(number) ? number : String(value)
}
