// Files of OTLP as people keep them: JSON (pretty or one request a line), one protobuf request, or many, each preceded by
// its length as u32 of either byte order. Nothing in them says the signal: the content does.
import { MicrologError } from '../base/errors.ts'
import type { OtlpEncoding } from '../otlp/read-otlp.ts'
import { detectSignal } from '../otlp/detect-signal.ts'
import type { OtlpSignal } from '../otlp/sink.ts'
import { beginsAsJson, isBlank } from './begins-as-json.ts'

/** An export request to give to readOtlpRequest; the bytes are a view. */
export interface OtlpFileRequest {
  signal: OtlpSignal
  encoding: OtlpEncoding
  bytes: Uint8Array
}

const signalOfKey = new Map<string, OtlpSignal>([
  ['resourceSpans', 'traces'],
  ['resourceLogs', 'logs'],
  ['resourceMetrics', 'metrics'],
  ['resourceProfiles', 'profiles']
])
const longestKey = 16
/** Of a file: its bytes may claim one in each few of them. */
const mostRequests = 1_000_000

/** Whether the file is worth trying; `splitOtlpFile` says what is wrong with it. */
export function looksLikeOtlp(bytes: Uint8Array): boolean {
  for (const _request of requestsIn(bytes)) return true
  return false
}

/** The requests in a file, in order. */
export function splitOtlpFile(bytes: Uint8Array): OtlpFileRequest[] {
  const requests = [...requestsIn(bytes)]
  if (requests.length === 0)
    throw new MicrologError(
      'invalid-input',
      'Expected OTLP requests (JSON, JSON lines or protobuf), found none'
    )
  return requests
}

function requestsIn(bytes: Uint8Array): Generator<OtlpFileRequest> {
  return beginsAsJson(bytes) ? jsonRequests(bytes) : protobufRequests(bytes)
}

function* protobufRequests(bytes: Uint8Array): Generator<OtlpFileRequest> {
  let isFirst = true
  for (const request of messagesIn(bytes)) {
    const signal = detectSignal(request)
    if (signal === undefined) {
      if (isFirst) return refuseCut(bytes)
      const offset = request.byteOffset - bytes.byteOffset
      throw new MicrologError('invalid-input', 'Expected an OTLP request after each length', { offset })
    }
    isFirst = false
    if (signal !== 'none') yield { signal, encoding: 'protobuf', bytes: request }
  }
}

/** The file's parts where each has its length before it, else the whole file. */
function messagesIn(bytes: Uint8Array): Iterable<Uint8Array> {
  for (const littleEndian of [true, false]) {
    let end = 0
    for (const message of prefixedMessages(bytes, littleEndian)) end = endIn(bytes, message)
    if (end === bytes.length) return prefixedMessages(bytes, littleEndian)
  }
  return [bytes]
}

/** From the first byte on, as far as they are whole; none is empty, or a file of zeros would be so many requests. */
function* prefixedMessages(bytes: Uint8Array, littleEndian: boolean): Generator<Uint8Array> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  let count = 0
  for (let at = 0; at + 4 <= bytes.length;) {
    const from = at + 4
    at = from + view.getUint32(at, littleEndian)
    if (at === from || at > bytes.length) return
    if (count++ === mostRequests) throw tooMany()
    yield bytes.subarray(from, at)
  }
}

function endIn(bytes: Uint8Array, message: Uint8Array): number {
  return message.byteOffset + message.length - bytes.byteOffset
}

/** What its writer hadn't finished when it was copied begins as it should. */
function refuseCut(bytes: Uint8Array): void {
  for (const littleEndian of [true, false]) {
    let whole = 0
    for (const message of prefixedMessages(bytes, littleEndian)) {
      if (detectSignal(message) === undefined) break
      whole = endIn(bytes, message)
    }
    if (whole > 0)
      throw new MicrologError(
        'invalid-input',
        `Expected each OTLP request to be as long as the 4 bytes before it say: keep the first ${whole} bytes of the file`
      )
  }
}

function tooMany(): MicrologError {
  return new MicrologError('too-large', `Expected at most ${mostRequests} requests in a file: split it`)
}

/**
 * Each top-level object with the signals that its own keys name. What stands between them is refused, and so are objects
 * of another kind beside requests; what isn't JSON within is found out by who parses it.
 */
function* jsonRequests(bytes: Uint8Array): Generator<OtlpFileRequest> {
  let depth = 0
  let begin = 0
  let count = 0
  let stranger = -1
  const signals = new Set<OtlpSignal>()
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i]!
    if (depth === 0 && byte !== 0x7b) {
      if (!isBlank(byte)) throw notRequest(bytes, i)
    } else if (byte === 0x22) {
      const end = endOfString(bytes, i + 1)
      if (depth === 1 && end - i - 1 <= longestKey) {
        const signal = signalOfKey.get(String.fromCharCode(...bytes.subarray(i + 1, end)))
        if (signal) signals.add(signal)
      }
      i = end
    } else if (byte === 0x7b || byte === 0x5b) {
      if (depth++ === 0) {
        begin = i
        signals.clear()
      }
    } else if ((byte === 0x7d || byte === 0x5d) && --depth === 0) {
      const request = bytes.subarray(begin, i + 1)
      if (signals.size > 0) {
        if (count++ === mostRequests) throw tooMany()
      } else if (request.includes(0x22)) stranger = begin
      if (stranger >= 0 && count > 0) throw notRequest(bytes, stranger)
      for (const signal of signals) yield { signal, encoding: 'json', bytes: request }
    }
  }
  if (depth !== 0)
    throw new MicrologError(
      'invalid-input',
      `Expected JSON that is complete, what begins in line ${lineOf(bytes, begin)} isn't`,
      { offset: bytes.length }
    )
}

function notRequest(bytes: Uint8Array, offset: number): MicrologError {
  const line = lineOf(bytes, offset)
  return new MicrologError('invalid-input', `Expected OTLP requests only, line ${line} has something else`, {
    offset
  })
}

function lineOf(bytes: Uint8Array, offset: number): number {
  let line = 1
  for (let i = 0; i < offset; i++) if (bytes[i] === 0x0a) line++
  return line
}

/** Where the closing quote is. */
function endOfString(bytes: Uint8Array, from: number): number {
  let at = from
  while (at < bytes.length && bytes[at] !== 0x22) at += bytes[at] === 0x5c ? 2 : 1
  return at
}
