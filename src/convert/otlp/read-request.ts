import { MicrologError } from '../../base/errors.ts'
import { readOtlp } from '../../otlp/read-otlp.ts'
import type { OtlpEncoding } from '../../otlp/read-otlp.ts'
import { defaultLimits } from '../../otlp/sink.ts'
import type { OtlpLimits, OtlpSignal, ReadOutcome, U64 } from '../../otlp/sink.ts'
import type { Recording } from '../../recording/schema.ts'
import { RecordingSink } from './recording-sink.ts'

/** So that tables grow once for an ordinary request. */
const bytesPerItem = { traces: 320, logs: 200, metrics: 200, profiles: 200 } as const satisfies Record<
  OtlpSignal,
  number
>
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

interface Sender {
  resource: ReadonlyMap<string, string>
  sink: RecordingSink
}

export interface OtlpRequest {
  signal: OtlpSignal
  encoding: OtlpEncoding
  bytes: Uint8Array
  identify: Identify
  limits?: OtlpLimits | undefined
  /** Unix ms. */
  receivedMs?: number | undefined
}

/**
 * Reads an OTLP export request into one recording per sender. Throws `invalid-input` or `too-large` for a body that
 * can't be read at all; single bad records are counted in the outcome. Blobs are copies: the bytes may be reused.
 *
 * A recording's times lie within 52 days of one. With `receivedMs` it is that, so that no bad time decides over
 * the good ones; for a sender of which nothing is that near, and where no such time is known, it is the first one set.
 */
export function readOtlpRequest(request: OtlpRequest): RequestSlices {
  const received = request.receivedMs === undefined ? undefined : unixNano(request.receivedMs)
  let { senders, outcome } = readSenders(request, () => received)
  const elsewhen = new Set([...senders].filter(([, { sink }]) => sink.isElsewhen).map(([key]) => key))
  if (received && elsewhen.size > 0) {
    ;({ senders, outcome } = readSenders(request, key => (elsewhen.has(key) ? undefined : received)))
  }
  const slices = [...senders.values()]
    .filter(({ sink }) => !sink.isEmpty)
    .map(({ resource, sink }) => ({ resource, recording: sink.finish() }))
  return { slices, outcome }
}

/** By their keys. @param epochOf undefined: the first time that is set */
function readSenders(
  { signal, encoding, bytes, identify, limits = defaultLimits }: OtlpRequest,
  epochOf: (key: string) => U64 | undefined
): { senders: Map<string, Sender>; outcome: ReadOutcome } {
  const expectedItems = Math.min(mostExpected, Math.ceil(bytes.length / bytesPerItem[signal]))
  const senders = new Map<string, Sender>()
  const route = (resource: ReadonlyMap<string, string>): RecordingSink => {
    const key = identify(resource)
    let sender = senders.get(key)
    if (!sender) {
      if (senders.size === mostSenders) {
        throw new MicrologError(
          'too-large',
          `Expected at most ${mostSenders} senders in a request: send smaller batches`
        )
      }
      sender = { resource, sink: new RecordingSink(expectedItems, epochOf(key)) }
      senders.set(key, sender)
    }
    return sender.sink
  }
  const outcome = readOtlp(signal, encoding, bytes, route, limits)
  return { senders, outcome }
}

function unixNano(ms: number): U64 {
  const nanos = BigInt(Math.floor(ms)) * 1_000_000n
  return { high: Number(nanos >> 32n), low: Number(nanos & 0xffff_ffffn) }
}
