import { MicrologError } from '../base/errors.ts'
import type { RequestReader } from './request-reader.ts'
import type { OtlpRoute, ReadOutcome } from './sink.ts'

export function readProfiles(_reader: RequestReader, _route: OtlpRoute): ReadOutcome {
  throw new MicrologError('unsupported', 'Expected traces, logs or metrics')
}
