// Rows for fixtures, of which a test names only the cells it is about.
import type { RecordingBuilder } from '../../src/recording/recording-builder.ts'
import { attributeType } from '../../src/recording/schema.ts'
import type { Row } from '../../src/recording/schema.ts'
import { internFrame, spanReference } from './recording-from-text.ts'

export function internSet(builder: RecordingBuilder, attributes: Record<string, string | number>): number {
  for (const [key, value] of Object.entries(attributes)) {
    const name = builder.strings.intern(key)
    if (typeof value === 'string') builder.sets.add(name, attributeType.string, builder.strings.intern(value))
    else builder.sets.add(name, attributeType.int, value)
  }
  return builder.sets.close()
}

/** `#letter` from and to in ms, below the span of another letter where one is given. */
export function pushSpan(
  builder: RecordingBuilder,
  letter: string,
  fromMs: number,
  toMs: number,
  parent = '',
  cells: Partial<Row<'spans'>> = {}
): number {
  const { traceId, spanId } = spanReference(letter)
  return builder.push('spans', {
    traceId,
    spanId,
    parentSpanId: parent ? spanReference(parent).spanId : new Uint8Array(8),
    traceState: 0,
    flags: 0,
    name: builder.strings.intern(letter),
    kind: 1,
    start: fromMs * 1e6,
    end: toMs * 1e6,
    statusCode: 0,
    statusMessage: 0,
    attributes: 0,
    droppedAttributes: 0,
    eventStart: -1,
    eventCount: 0,
    droppedEvents: 0,
    linkStart: -1,
    linkCount: 0,
    droppedLinks: 0,
    resource: -1,
    scope: -1,
    ...cells
  })
}

export function pushLog(
  builder: RecordingBuilder,
  timeMs: number,
  body: string,
  {
    uid,
    severity = 9,
    letter = '',
    eventName = '',
    cells = {}
  }: {
    uid?: string
    severity?: number
    letter?: string
    eventName?: string
    cells?: Partial<Row<'logs'>>
  } = {}
): number {
  builder.sets.add(0, attributeType.string, builder.strings.intern(body))
  return builder.push('logs', {
    time: timeMs * 1e6,
    observedTime: timeMs * 1e6,
    severity,
    severityText: 0,
    eventName: builder.strings.intern(eventName),
    body: builder.sets.close(),
    link: letter ? builder.intern('links', spanReference(letter)) : 0,
    flags: 0,
    attributes: internSet(builder, uid === undefined ? {} : { 'log.record.uid': uid }),
    droppedAttributes: 0,
    resource: -1,
    scope: -1,
    ...cells
  })
}

/** A stack of the frames, outermost first. */
export function internStack(builder: RecordingBuilder, names: readonly string[]): number {
  return names.reduce(
    (parent, name) => builder.intern('stacks', { frame: internFrame(builder, name), parent }),
    -1
  )
}

/** A sample of a stack of these frames, outermost first; `letter` is the span it was taken in, `uid` the log it belongs to. */
export function pushSample(
  builder: RecordingBuilder,
  profile: number,
  timeMs: number,
  names: readonly string[],
  { letter = '', uid = '', value = 1 } = {}
): number {
  return builder.push('samples', {
    time: timeMs * 1e6,
    stack: internStack(builder, names),
    link: letter ? builder.intern('links', spanReference(letter)) : 0,
    profile,
    value,
    attributes: uid ? internSet(builder, { 'log.record.uid': uid }) : 0
  })
}

/** Points of one metric, values by ms. */
export function pushSeries(
  builder: RecordingBuilder,
  name: string,
  values: Record<number, number>,
  threadId?: number
): void {
  const series = builder.intern('series', {
    name: builder.strings.intern(name),
    description: 0,
    unit: 0,
    kind: 0,
    temporality: 0,
    monotonic: 0,
    attributes: internSet(builder, threadId === undefined ? {} : { 'thread.id': threadId }),
    valueType: 1,
    resource: -1,
    scope: -1
  })
  for (const [ms, value] of Object.entries(values)) {
    builder.push('points', { series, time: Number(ms) * 1e6, startTime: NaN, value, flags: 0 })
  }
}
