// Files of OTLP as people keep them: JSON (pretty or one request a line), one protobuf request, or many, each preceded by
// its length as u32 of either byte order. Nothing in them says the signal: the content does.
import { MicrologError } from '../base/errors.ts'
import type { OtlpEncoding } from '../otlp/read-otlp.ts'
import { detectSignal } from '../otlp/detect-signal.ts'
import type { OtlpSignal } from '../otlp/sink.ts'

/** An export request to give to readOtlpRequest; the bytes are a view. */
export interface OtlpFileRequest {
  signal: OtlpSignal
  encoding: OtlpEncoding
  bytes: Uint8Array
}

const whitespace = new Set([0x20, 0x09, 0x0a, 0x0d])
const signalOfKey = new Map<string, OtlpSignal>([
  ['resourceSpans', 'traces'],
  ['resourceLogs', 'logs'],
  ['resourceMetrics', 'metrics'],
  ['resourceProfiles', 'profiles']
])
const longestKey = 16

/** Whether the file is worth trying; `splitOtlpFile` says what is wrong with it. */
export function looksLikeOtlp(bytes: Uint8Array): boolean {
  if (startsWithBrace(bytes)) return findJsonRequests(bytes).length > 0
  return requestRanges(bytes).some(([from, to]) => detectSignal(bytes.subarray(from, to)) !== undefined)
}

/** The requests in a file, in order. */
export function splitOtlpFile(bytes: Uint8Array): OtlpFileRequest[] {
  const requests = startsWithBrace(bytes) ? findJsonRequests(bytes) : protobufRequests(bytes)
  if (requests.length === 0)
    throw new MicrologError(
      'invalid-input',
      'Expected OTLP requests (JSON, JSON lines or protobuf), found none'
    )
  return requests
}

function startsWithBrace(bytes: Uint8Array): boolean {
  return bytes[bytes.findIndex(byte => !whitespace.has(byte))] === 0x7b
}

function protobufRequests(bytes: Uint8Array): OtlpFileRequest[] {
  const requests: OtlpFileRequest[] = []
  for (const [from, to] of requestRanges(bytes)) {
    const request = bytes.subarray(from, to)
    const signal = detectSignal(request)
    if (signal) requests.push({ signal, encoding: 'protobuf', bytes: request })
  }
  return requests
}

function requestRanges(bytes: Uint8Array): [from: number, to: number][] {
  return prefixedRanges(bytes, true) ?? prefixedRanges(bytes, false) ?? [[0, bytes.length]]
}

/** Undefined where the lengths don't lead from the first byte to the last. */
function prefixedRanges(bytes: Uint8Array, littleEndian: boolean): [from: number, to: number][] | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const ranges: [number, number][] = []
  for (let at = 0; at < bytes.length;) {
    if (at + 4 > bytes.length) return undefined
    const from = at + 4
    const to = from + view.getUint32(at, littleEndian)
    if (to > bytes.length) return undefined
    ranges.push([from, to])
    at = to
  }
  return ranges
}

/** Each top-level object with the signals that its own keys name; what isn't JSON is found out by who parses it. */
function findJsonRequests(bytes: Uint8Array): OtlpFileRequest[] {
  const requests: OtlpFileRequest[] = []
  let depth = 0
  let begin = 0
  let signals: OtlpSignal[] = []
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i]!
    if (byte === 0x22) {
      const end = endOfString(bytes, i + 1)
      if (depth === 1 && end - i - 1 <= longestKey) {
        const signal = signalOfKey.get(String.fromCharCode(...bytes.subarray(i + 1, end)))
        if (signal) signals.push(signal)
      }
      i = end
    } else if (byte === 0x7b || byte === 0x5b) {
      if (depth++ === 0) {
        begin = i
        signals = []
      }
    } else if ((byte === 0x7d || byte === 0x5d) && --depth === 0) {
      const request = bytes.subarray(begin, i + 1)
      for (const signal of new Set(signals)) requests.push({ signal, encoding: 'json', bytes: request })
    }
  }
  if (depth !== 0)
    throw new MicrologError('invalid-input', 'Expected JSON that is complete', { offset: bytes.length })
  return requests
}

/** Where the closing quote is. */
function endOfString(bytes: Uint8Array, from: number): number {
  let at = from
  while (at < bytes.length && bytes[at] !== 0x22) at += bytes[at] === 0x5c ? 2 : 1
  return at
}
