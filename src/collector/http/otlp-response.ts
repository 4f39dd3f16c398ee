// What an OTLP/HTTP sender is answered, in the type it sent: an Export*ServiceResponse, or a google.rpc.Status
// (opentelemetry.io/docs/specs/otlp/#otlphttp-response).
import { ProtobufWriter } from '../../otlp/protobuf-writer.ts'
import type { OtlpSignal, ReadOutcome } from '../../otlp/sink.ts'

export type Encoding = 'protobuf' | 'json'

export const contentTypes: Record<Encoding, string> = {
  protobuf: 'application/x-protobuf',
  json: 'application/json'
}

const rejectedNames: Record<OtlpSignal, string> = {
  traces: 'rejectedSpans',
  logs: 'rejectedLogRecords',
  metrics: 'rejectedDataPoints',
  profiles: 'rejectedProfiles'
}

/** An empty message, or a partial success when something was rejected; the sender must not send that again. */
export function encodeExportResponse(
  signal: OtlpSignal,
  encoding: Encoding,
  outcome: ReadOutcome
): Uint8Array {
  const { rejected, message } = outcome
  const partial = rejected > 0 || message !== ''
  if (encoding === 'json') {
    const partialSuccess = { [rejectedNames[signal]]: String(rejected), errorMessage: message }
    return Buffer.from(JSON.stringify(partial ? { partialSuccess } : {}))
  }
  const writer = new ProtobufWriter()
  if (partial) {
    writer.message(1, () => {
      writer.varint(1, rejected)
      writer.string(2, message)
    })
  }
  return writer.finish()
}

/** google.rpc.Code of an HTTP status. */
const rpcCodes = new Map([
  [400, 3],
  [401, 16],
  [403, 7],
  [404, 5],
  [405, 12],
  [409, 6],
  [413, 8],
  [415, 3],
  [422, 3],
  [429, 8],
  [503, 14]
])
const rpcInternal = 13
const rpcFailedPrecondition = 9

export function encodeStatus(encoding: Encoding, httpStatus: number, message: string): Uint8Array {
  const code = rpcCodes.get(httpStatus) ?? (httpStatus < 500 ? rpcFailedPrecondition : rpcInternal)
  if (encoding === 'json') return Buffer.from(JSON.stringify({ code, message }))
  const writer = new ProtobufWriter()
  writer.varint(1, code)
  writer.string(2, message)
  return writer.finish()
}
