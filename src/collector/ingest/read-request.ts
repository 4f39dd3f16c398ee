import { readOtlpRequest } from '../../convert/otlp/read-request.ts'
import type { OtlpLimits, OtlpSignal, ReadOutcome } from '../../otlp/sink.ts'
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

export interface ReadOptions {
  /** Unix ms; the same again gives the same tables. */
  receivedMs?: number
  /** Of the memory that all requests may take together. */
  share?: ByteShare | undefined
  limits?: BodyLimits
  itemLimits?: OtlpLimits
}

/** The tables of a request, by default under the limits that hold for all requests. */
export async function readRequest(
  request: ReceivedRequest,
  {
    receivedMs,
    share = new ByteBudget(Infinity).open(),
    limits = defaultBodyLimits,
    itemLimits
  }: ReadOptions = {}
): Promise<RequestContent> {
  const bytes = await inflateBody(request.body, request.coding, limits.inflatedBytes, share)
  const { slices, outcome } = readOtlpRequest({
    signal: request.signal,
    encoding: request.encoding,
    bytes,
    identify: resource => senderKey(Object.fromEntries(resource)),
    limits: itemLimits,
    receivedMs
  })
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
