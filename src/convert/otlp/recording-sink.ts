import type {
  AttributeSink,
  EventRow,
  LogRow,
  NumberPointRow,
  OpaqueRow,
  OtlpItem,
  OtlpSink,
  ResourceRow,
  ScopeRow,
  SpanRow,
  TextSink,
  U64
} from '../../otlp/sink.ts'
import { RecordingBuilder } from '../../recording/recording-builder.ts'
import { attributeType, type Recording } from '../../recording/schema.ts'
import { ProfileRows } from './profile-rows.ts'
import { addRow, setId, tableColumns } from './table-columns.ts'
import { Utf8Strings } from './utf8-strings.ts'

/** Half of what a double holds exactly; appendRecording shifts within the other half. */
const exactNanos = 2 ** 52

/** 1 while a thread runs, 0 when it has ended. */
const threadMetric = 'microlog.thread.alive'

const opaqueSignals = ['traces', 'logs', 'metrics', 'profiles']

/** From so many on a sender is worth the room for all: a request may name thousands of senders with an item each. */
const fewItems = 16
const entriesPerSpan = 5

/** Takes what an OTLP reader finds into the tables of one recording. */
export class RecordingSink implements OtlpSink {
  readonly texts: TextSink
  readonly attributes: AttributeSink
  /** Times are relative to `#epoch`: what was given, else the first one set. */
  readonly #builder = new RecordingBuilder(0n)
  readonly #profiles = new ProfileRows(this.#builder, time => this.#time(time))
  readonly #tables = {
    spans: this.#builder.table('spans'),
    events: this.#builder.table('events'),
    spanLinks: this.#builder.table('spanLinks'),
    logs: this.#builder.table('logs')
  }
  readonly #spans = tableColumns(this.#tables.spans)
  readonly #events = tableColumns(this.#tables.events)
  readonly #logs = tableColumns(this.#tables.logs)
  #epoch: U64 | undefined
  /** Something is kept that counts from it, or it was given. */
  #isSettled: boolean
  /** A time was too far from it to be kept. */
  #hasRefused = false
  #resource = -1
  #scope = -1
  #items = 0
  readonly #expectedItems: number

  /** @param expectedItems how many rows to make room for at once @param epoch by default the first time that is set */
  constructor(expectedItems: number, epoch?: U64) {
    this.#epoch = epoch
    this.#isSettled = epoch !== undefined
    const { strings, sets } = this.#builder
    this.#expectedItems = expectedItems
    const byBytes = new Utf8Strings(strings)
    this.attributes = sets
    this.texts = {
      intern: text => strings.intern(text),
      internUtf8: (bytes, from, to) => byBytes.intern(bytes, from, to),
      addBlob: bytes => this.#builder.addBlob(bytes)
    }
  }

  resource(row: ResourceRow): void {
    this.#resource = this.#builder.intern('resources', row)
  }

  scope(row: ScopeRow): void {
    this.#scope = this.#builder.intern('scopes', row)
  }

  admits(time: U64): boolean {
    this.#epoch ??= { ...time }
    const fits = Math.abs(this.#relative(time)) <= exactNanos
    this.#hasRefused ||= !fits
    return fits
  }

  settleTimes(): void {
    this.#isSettled = true
  }

  dropTimes(): void {
    if (!this.#isSettled) this.#epoch = undefined
  }

  item(item: OtlpItem): void {
    this.#items++
    this.#isSettled = true
    switch (item.kind) {
      case 'span':
        this.#addSpan(item)
        return
      case 'log':
        this.#addLog(item)
        return
      case 'point':
        this.#addPoint(item)
        return
      case 'opaque':
        this.#addOpaque(item)
        return
      case 'profile':
        this.#profiles.add(item, this.#resource, this.#scope)
        return
    }
  }

  /** Nothing was kept, and times were why. */
  get isElsewhen(): boolean {
    return this.isEmpty && this.#hasRefused
  }

  get isEmpty(): boolean {
    return this.#items === 0
  }

  finish(): Recording {
    const { high, low } = this.#epoch ?? { high: 0, low: 0 }
    return Object.freeze({ ...this.#builder.finish(), epoch: (BigInt(high) << 32n) | BigInt(low) })
  }

  #addSpan(span: SpanRow): void {
    const { spans, events, spanLinks } = this.#tables
    const columns = this.#spans
    if (spans.length === fewItems) {
      spans.reserve(this.#expectedItems)
      this.#builder.sets.reserve(this.#expectedItems * entriesPerSpan)
    }
    const row = addRow(spans)
    setId(columns.traceId, row, span.traceId)
    setId(columns.spanId, row, span.spanId)
    setId(columns.parentSpanId, row, span.parentSpanId)
    columns.traceState.array[row] = span.traceState
    columns.flags.array[row] = span.flags
    columns.name.array[row] = span.name
    columns.kind.array[row] = toByte(span.spanKind)
    columns.start.array[row] = this.#time(span.start)
    columns.end.array[row] = this.#time(span.end)
    columns.statusCode.array[row] = toByte(span.statusCode)
    columns.statusMessage.array[row] = span.statusMessage
    columns.attributes.array[row] = span.attributes
    columns.droppedAttributes.array[row] = span.droppedAttributes
    columns.eventStart.array[row] = span.eventCount > 0 ? events.length : -1
    columns.eventCount.array[row] = span.eventCount
    columns.droppedEvents.array[row] = span.droppedEvents
    columns.linkStart.array[row] = span.linkCount > 0 ? spanLinks.length : -1
    columns.linkCount.array[row] = span.linkCount
    columns.droppedLinks.array[row] = span.droppedLinks
    columns.resource.array[row] = this.#resource
    columns.scope.array[row] = this.#scope
    for (let i = 0; i < span.eventCount; i++) this.#addEvent(span.events[i]!)
    for (let i = 0; i < span.linkCount; i++) {
      const { traceId, spanId, traceState, flags, attributes, droppedAttributes } = span.links[i]!
      const link = this.#builder.intern('links', { traceId, spanId })
      spanLinks.push({ link, traceState, flags, attributes, droppedAttributes })
    }
  }

  #addEvent(event: EventRow): void {
    const row = addRow(this.#tables.events)
    const columns = this.#events
    columns.time.array[row] = this.#time(event.time)
    columns.name.array[row] = event.name
    columns.attributes.array[row] = event.attributes
    columns.droppedAttributes.array[row] = event.droppedAttributes
  }

  #addLog(log: LogRow): void {
    const { logs } = this.#tables
    if (logs.length === fewItems) logs.reserve(this.#expectedItems)
    const row = addRow(logs)
    const columns = this.#logs
    columns.time.array[row] = this.#time(log.time)
    columns.observedTime.array[row] = this.#time(log.observedTime)
    columns.severity.array[row] = toByte(log.severity)
    columns.severityText.array[row] = log.severityText
    columns.eventName.array[row] = log.eventName
    columns.body.array[row] = log.body
    columns.link.array[row] = this.#builder.intern('links', log)
    columns.flags.array[row] = log.flags
    columns.attributes.array[row] = log.attributes
    columns.droppedAttributes.array[row] = log.droppedAttributes
    columns.resource.array[row] = this.#resource
    columns.scope.array[row] = this.#scope
  }

  #addPoint(point: NumberPointRow): void {
    const knownSeries = this.#builder.table('series').length
    const series = this.#builder.intern('series', {
      name: point.name,
      description: point.description,
      unit: point.unit,
      kind: point.metricKind,
      temporality: point.temporality,
      monotonic: point.monotonic ? 1 : 0,
      attributes: point.attributes,
      valueType: point.isInteger ? 0 : 1,
      resource: this.#resource,
      scope: this.#scope
    })
    if (series === knownSeries) this.#noteThread(point)
    const { value, flags } = point
    this.#builder.push('points', {
      series,
      time: this.#time(point.time),
      startTime: this.#time(point.startTime),
      value,
      flags
    })
  }

  /** A thread that ended before it was sampled is one of the recording's all the same. */
  #noteThread({ name, attributes }: NumberPointRow): void {
    const { strings, sets } = this.#builder
    if (strings.at(name) !== threadMetric) return
    const id = sets.find(attributes, strings.intern('thread.id'))
    const threadName = sets.find(attributes, strings.intern('thread.name'))
    if (id?.type !== attributeType.int || threadName?.type !== attributeType.string) return
    if (id.value < 0 || id.value > 0xffff_ffff) return
    this.#builder.intern('threads', { id: id.value, name: threadName.value, resource: this.#resource })
  }

  #addOpaque({ signal, request, from, to }: OpaqueRow): void {
    this.#builder.push('opaque', {
      signal: opaqueSignals.indexOf(signal),
      request: this.#builder.addBlob(request),
      from: this.#time(from),
      to: this.#time(to)
    })
  }

  #time(time: U64): number {
    return time.high === 0 && time.low === 0 ? NaN : this.#relative(time)
  }

  #relative(time: U64): number {
    const { high, low } = this.#epoch!
    return (time.high - high) * 0x100000000 + (time.low - low)
  }
}

/** Values of later versions of the protocol don't fit; they read as unspecified. */
function toByte(value: number): number {
  return value > 255 ? 0 : value
}
