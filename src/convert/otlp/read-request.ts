import { MicrologError } from '../../base/errors.ts'
import { readOtlp } from '../../otlp/read-otlp.ts'
import type { OtlpEncoding } from '../../otlp/read-otlp.ts'
import type { OtlpLimits, OtlpSignal, ReadOutcome } from '../../otlp/sink.ts'
import type { Recording } from '../../recording/schema.ts'
import { RecordingSink } from './recording-sink.ts'

/** So that tables grow once for an ordinary request: a span takes some 340 bytes, a log record 200. */
const bytesPerItem = 200
const mostExpected = 1024
/** Each takes some 50 kB while it is read, however little it says. */
const mostSenders = 1000

/** What one request told of one sender. */
export interface RequestSlice {
  /** Attributes of its first resource that have a scalar value, as text. */
  resource: ReadonlyMap<string, string>
  recording: Recording
}

export interface RequestSlices {
  slices: RequestSlice[]
  outcome: ReadOutcome
}

/** Resources with the same key are the same sender, and meet in one recording. */
export type Identify = (resource: ReadonlyMap<string, string>) => string

/**
 * Reads an OTLP export request into one recording per sender. Throws `invalid-input` or `too-large` for a body that
 * can't be read at all; single bad records are counted in the outcome. Blobs are copies: the bytes may be reused.
 */
export function readOtlpRequest(
  signal: OtlpSignal,
  encoding: OtlpEncoding,
  bytes: Uint8Array,
  limits: OtlpLimits,
  identify: Identify
): RequestSlices {
  const expectedItems = Math.min(mostExpected, Math.ceil(bytes.length / bytesPerItem))
  const senders = new Map<string, { resource: ReadonlyMap<string, string>; sink: RecordingSink }>()
  const outcome = readOtlp(
    signal,
    encoding,
    bytes,
    resource => {
      const key = identify(resource)
      let sender = senders.get(key)
      if (!sender) {
        if (senders.size === mostSenders) {
          throw new MicrologError(
            'too-large',
            `Expected at most ${mostSenders} senders in a request: send smaller batches`
          )
        }
        sender = { resource, sink: new RecordingSink(expectedItems) }
        senders.set(key, sender)
      }
      return sender.sink
    },
    limits
  )
  const slices = [...senders.values()]
    .filter(({ sink }) => !sink.isEmpty)
    .map(({ resource, sink }) => ({ resource, recording: sink.finish() }))
  return { slices, outcome }
}
