// What the side panel tells about a span beyond its bar.
import { readAttributes } from '../../recording/attributes.ts'
import type { Attribute } from '../../recording/attributes.ts'
import { frameLink, frameName, framePlace } from '../../recording/frame-names.ts'
import { spanIdAt, traceIdAt } from '../../recording/ids.ts'
import type { Recording } from '../../recording/schema.ts'
import { startStacksOf, type StartStack } from '../../recording/start-stacks.ts'
import { waitsOfSpan } from '../../recording/waits.ts'
import type { Wait, WaitEvidence } from '../../recording/waits.ts'
import type { TracePart } from './trace-model.ts'

export interface SpanDetails {
  kind: string
  status: 'unset' | 'ok' | 'error'
  statusMessage: string
  attributes: readonly Attribute[]
  events: readonly { name: string; time: number; attributes: readonly Attribute[] }[]
  links: readonly { traceId: string; spanId: string; attributes: readonly Attribute[] }[]
  resource: readonly Attribute[]
  scope: string
  started: StartStack
  /** The longest. */
  waits: readonly ShownWait[]
  dropped: number
}

export interface ShownWait {
  /** ns. */
  duration: number
  count: number
  /** ns of it that others held the loop; 0 for hardly any. */
  held: number
  /** e.g. 'for GET /stock, started in', '' where nothing is known. */
  what: string
  name: string
  place: string
  link: string | undefined
}

const mostWaits = 5
/** Of a wait. */
const leastHeld = 0.05
const known: Record<WaitEvidence, string> = {
  'child span': 'started in',
  'resumed in': 'and went on in',
  'last seen in': 'last seen in',
  unknown: ''
}

const kinds = ['', 'internal', 'server', 'client', 'producer', 'consumer']

export function buildSpanDetails({ recording, index }: TracePart, span: number): SpanDetails {
  const { spans, strings, resources, scopes } = recording
  const resource = spans.resource[span]!
  const scope = spans.scope[span]!
  const scopeName =
    scope < 0 ? '' : [strings[scopes.name[scope]!], strings[scopes.version[scope]!]].join(' ').trim()
  const status = spans.statusCode[span]!
  return {
    kind: kinds[spans.kind[span]!] ?? '',
    status: status === 2 ? 'error' : status === 1 ? 'ok' : 'unset',
    statusMessage: strings[spans.statusMessage[span]!]!,
    attributes: readAttributes(recording, spans.attributes[span]!),
    events: eventsOf(recording, span),
    links: linksOf(recording, span),
    resource: resource < 0 ? [] : readAttributes(recording, resources.attributes[resource]!),
    scope: scopeName,
    started: startStacksOf(recording).of(span),
    waits: waitsOfSpan(recording, index, span)
      .slice(0, mostWaits)
      .map(wait => describeWait(recording, wait)),
    dropped: spans.droppedAttributes[span]! + spans.droppedEvents[span]! + spans.droppedLinks[span]!
  }
}

/** Without the logs among them: those are shown as logs. */
function eventsOf(recording: Recording, span: number): SpanDetails['events'] {
  const { spans, events, strings } = recording
  const first = spans.eventStart[span]!
  const count = first < 0 ? 0 : spans.eventCount[span]!
  return Array.from({ length: count }, (_, i) => first + i)
    .filter(row => strings[events.name[row]!] !== 'log')
    .map(row => ({
      name: strings[events.name[row]!]!,
      time: events.time[row]!,
      attributes: readAttributes(recording, events.attributes[row]!)
    }))
}

function linksOf(recording: Recording, span: number): SpanDetails['links'] {
  const { spans, spanLinks, links } = recording
  const first = spans.linkStart[span]!
  const count = first < 0 ? 0 : spans.linkCount[span]!
  return Array.from({ length: count }, (_, i) => first + i).map(row => ({
    traceId: traceIdAt(links.traceId, spanLinks.link[row]!),
    spanId: spanIdAt(links.spanId, spanLinks.link[row]!),
    attributes: readAttributes(recording, spanLinks.attributes[row]!)
  }))
}

/** e.g. 'shop, pid 4711 on web-3'. */
export function placeOf(resource: readonly Attribute[]): string {
  const value = (key: string) => resource.find(attribute => attribute.key === key)?.text
  const pid = value('process.pid')
  const host = value('host.name')
  return (
    [value('service.name') ?? 'unknown service', pid && `pid ${pid}`].filter(Boolean).join(', ') +
    (host ? ` on ${host}` : '')
  )
}

function describeWait(
  recording: Recording,
  { duration, count, held, evidence, child, frame }: Wait
): ShownWait {
  const { spans, strings } = recording
  const target = child < 0 ? '' : `for ${strings[spans.name[child]!]!}`
  const isPlaced = frame >= 0
  return {
    duration,
    count,
    held: held >= leastHeld * duration ? held : 0,
    what: [target, isPlaced ? known[evidence] : ''].filter(Boolean).join(', '),
    name: isPlaced ? frameName(recording, frame) : '',
    place: isPlaced ? framePlace(recording, frame) : '',
    link: isPlaced ? frameLink(recording, frame) : undefined
  }
}
