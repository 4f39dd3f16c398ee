import { encodeOtlpJson } from './encode-otlp-json.ts'
import { createLogReader } from './read-logs.ts'
import { createMetricReader } from './read-metrics.ts'
import { readProfiles } from './read-profiles.ts'
import { readResources } from './read-resources.ts'
import { createSpanReader } from './read-spans.ts'
import { RequestReader } from './request-reader.ts'
import type { OtlpLimits, OtlpRoute, OtlpSignal, ReadOutcome } from './sink.ts'

export type OtlpEncoding = 'protobuf' | 'json'

/**
 * Reads an OTLP export request (https://opentelemetry.io/docs/specs/otlp, proto 1.11) into the sinks that `route`
 * chooses. JSON is turned into protobuf first, in one pass, so that one reader decides what is valid and where it goes.
 * A body that doesn't read at all is `invalid-input`, one beyond the limits `too-large`; what was handed to a sink
 * before must then be thrown away. Single bad records are counted in the outcome.
 */
export function readOtlp(
  signal: OtlpSignal,
  encoding: OtlpEncoding,
  bytes: Uint8Array,
  route: OtlpRoute,
  limits: OtlpLimits
): ReadOutcome {
  const body = encoding === 'json' ? encodeOtlpJson(signal, bytes, limits) : bytes
  const reader = new RequestReader(plainBytes(body), limits)
  switch (signal) {
    case 'traces':
      return readResources(reader, signal, route, createSpanReader(reader))
    case 'logs':
      return readResources(reader, signal, route, createLogReader(reader))
    case 'metrics':
      return readResources(reader, signal, route, createMetricReader(reader))
    case 'profiles':
      return readProfiles(reader, route)
  }
}

/** A Buffer's `slice` is no copy: a few bytes kept would keep all of it. */
function plainBytes({ buffer, byteOffset, byteLength }: Uint8Array): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength)
}
