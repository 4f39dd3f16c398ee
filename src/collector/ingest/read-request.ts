import { readOtlpRequest } from '../../convert/otlp/read-request.ts'
import { defaultLimits } from '../../otlp/sink.ts'
import type { OtlpSignal, ReadOutcome } from '../../otlp/sink.ts'
import type { Recording } from '../../recording/schema.ts'
import { ByteBudget } from './byte-budget.ts'
import type { ByteShare } from './byte-budget.ts'
import { defaultBodyLimits, inflateBody } from './read-body.ts'
import type { BodyLimits, Coding } from './read-body.ts'
import { senderKey } from './sender.ts'
import type { ResourceText } from './sender.ts'

/** An OTLP request as it came over the wire. */
export interface ReceivedRequest {
  signal: OtlpSignal
  encoding: 'protobuf' | 'json'
  coding: Coding
  body: Uint8Array
}

export interface RequestContent {
  /** One for each sender in it, always in the same order. */
  slices: { resource: ResourceText; tables: Recording }[]
  outcome: ReadOutcome
}

/**
 * The tables of a request, under the limits that hold for all requests.
 * @param receivedMs Unix ms; the same again gives the same tables
 */
export async function readRequest(
  request: ReceivedRequest,
  limits: BodyLimits = defaultBodyLimits,
  share: ByteShare = new ByteBudget(Infinity).open(),
  itemLimits = defaultLimits,
  receivedMs?: number
): Promise<RequestContent> {
  const bytes = await inflateBody(request.body, request.coding, limits.inflatedBytes, share)
  const { slices, outcome } = readOtlpRequest(
    request.signal,
    request.encoding,
    bytes,
    itemLimits,
    resource => senderKey(Object.fromEntries(resource)),
    receivedMs
  )
  return {
    slices: slices.map(({ resource, recording }) => ({
      resource: Object.fromEntries(resource),
      tables: recording
    })),
    outcome
  }
}

/** What a request was sent to and as, for telling a repeated one. */
export function requestPath({ signal, encoding, coding }: Omit<ReceivedRequest, 'body'>): string {
  return `${signal} ${encoding} ${coding}`
}
