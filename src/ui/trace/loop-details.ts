// What the side panel tells of the event loop while a span lasted.
import { frameLink, frameName, framePlace } from '../../recording/frame-names.ts'
import { spanIdAt, traceIdAt } from '../../recording/ids.ts'
import { loopShares } from '../../recording/loop-holders.ts'
import type { LoopHolder } from '../../recording/loop-holders.ts'
import type { Recording } from '../../recording/schema.ts'
import { loopParts, type LoopPart } from '../widgets/loop-parts.ts'
import type { TracePart } from './trace-model.ts'

export interface LoopDetails {
  /** Shares are of the span. */
  readonly parts: readonly LoopPart[]
  readonly holders: readonly ShownHolder[]
}

export interface ShownHolder {
  /** ns. */
  readonly duration: number
  /** 'GET /orders', or that it was nobody's or has no name here. */
  readonly what: string
  readonly functionName: string
  readonly place: string
  /** Into the editor. */
  readonly link: string | undefined
  /** The span that most of it was in; undefined where it was in none. */
  readonly span: { traceId: string; spanId: string } | undefined
}

const mostHolders = 3
/** Of fewer, chance tells. */
const fewestSamples = 3

/** Undefined where too little is known. */
export function buildLoopDetails({ recording, index }: TracePart, span: number): LoopDetails | undefined {
  const shares = loopShares(recording, index, span)
  if (shares === undefined || shares.samples < fewestSamples) return undefined
  return {
    parts: loopParts(shares, 'this span'),
    holders: shares.holders.slice(0, mostHolders).map(holder => describeHolder(recording, holder))
  }
}

function describeHolder(recording: Recording, { endpoint, duration, frame, link }: LoopHolder): ShownHolder {
  const { links } = recording
  return {
    duration,
    what: endpoint || (link > 0 ? 'a span that isn’t here' : 'in no span'),
    functionName: frameName(recording, frame),
    place: framePlace(recording, frame),
    link: frameLink(recording, frame),
    span:
      link > 0 ? { traceId: traceIdAt(links.traceId, link), spanId: spanIdAt(links.spanId, link) } : undefined
  }
}
