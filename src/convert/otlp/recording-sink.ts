import type {
  AttributeSink,
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
import type { Recording } from '../../recording/schema.ts'
import { ProfileRows } from './profile-rows.ts'
import { Utf8Strings } from './utf8-strings.ts'

/** Half of what a double holds exactly; appendRecording shifts within the other half. */
const exactNanos = 2 ** 52

const opaqueSignals = ['traces', 'logs', 'metrics', 'profiles']

/** Takes what an OTLP reader finds into the tables of one recording. */
export class RecordingSink implements OtlpSink {
  readonly texts: TextSink
  readonly attributes: AttributeSink
  /** Times are relative to the first one set, which the snapshot then calls its epoch. */
  readonly #builder = new RecordingBuilder(0n)
  readonly #profiles = new ProfileRows(this.#builder, time => this.#time(time))
  #epoch: U64 | undefined
  #resource = -1
  #scope = -1
  #items = 0

  constructor() {
    const { strings, sets } = this.#builder
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
    return Math.abs(this.#relative(time)) <= exactNanos
  }

  item(item: OtlpItem): void {
    this.#items++
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

  get isEmpty(): boolean {
    return this.#items === 0
  }

  finish(): Recording {
    const { high, low } = this.#epoch ?? { high: 0, low: 0 }
    return Object.freeze({ ...this.#builder.snapshot(), epoch: (BigInt(high) << 32n) | BigInt(low) })
  }

  #addSpan(span: SpanRow): void {
    const builder = this.#builder
    const events = builder.table('events')
    const links = builder.table('spanLinks')
    const eventStart = span.eventCount > 0 ? events.length : -1
    const linkStart = span.linkCount > 0 ? links.length : -1
    for (let i = 0; i < span.eventCount; i++) {
      const { time, name, attributes, droppedAttributes } = span.events[i]!
      events.push({ time: this.#time(time), name, attributes, droppedAttributes })
    }
    for (let i = 0; i < span.linkCount; i++) {
      const { traceId, spanId, traceState, flags, attributes, droppedAttributes } = span.links[i]!
      const link = builder.intern('links', { traceId, spanId })
      links.push({ link, traceState, flags, attributes, droppedAttributes })
    }
    builder.push('spans', {
      traceId: span.traceId,
      spanId: span.spanId,
      parentSpanId: span.parentSpanId,
      traceState: span.traceState,
      flags: span.flags,
      name: span.name,
      kind: toByte(span.spanKind),
      start: this.#time(span.start),
      end: this.#time(span.end),
      statusCode: toByte(span.statusCode),
      statusMessage: span.statusMessage,
      attributes: span.attributes,
      droppedAttributes: span.droppedAttributes,
      eventStart,
      eventCount: span.eventCount,
      droppedEvents: span.droppedEvents,
      linkStart,
      linkCount: span.linkCount,
      droppedLinks: span.droppedLinks,
      resource: this.#resource,
      scope: this.#scope
    })
  }

  #addLog(log: LogRow): void {
    this.#builder.push('logs', {
      time: this.#time(log.time),
      observedTime: this.#time(log.observedTime),
      severity: toByte(log.severity),
      severityText: log.severityText,
      eventName: log.eventName,
      body: log.body,
      link: this.#builder.intern('links', { traceId: log.traceId, spanId: log.spanId }),
      flags: log.flags,
      attributes: log.attributes,
      droppedAttributes: log.droppedAttributes,
      resource: this.#resource,
      scope: this.#scope
    })
  }

  #addPoint(point: NumberPointRow): void {
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
    const { value, flags } = point
    this.#builder.push('points', {
      series,
      time: this.#time(point.time),
      startTime: this.#time(point.startTime),
      value,
      flags
    })
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
