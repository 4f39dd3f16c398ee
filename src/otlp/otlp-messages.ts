// The messages of OTLP 1.11 (https://github.com/open-telemetry/opentelemetry-proto/tree/v1.11.0), named once for all
// that walks them without knowing what they mean: checking, JSON → protobuf, protobuf → JSON.

const scalarKinds = [
  'string',
  'bytes',
  /** Bytes that JSON writes as hex digits. */
  'id',
  'bool',
  'double',
  'fixed32',
  'fixed64',
  'sfixed64',
  'uint32',
  'uint64',
  'int32',
  'int64',
  'sint32',
  'enum'
] as const

export type ScalarKind = (typeof scalarKinds)[number]

export interface MessageField {
  number: number
  /** As in JSON. */
  name: string
  /** Undefined for messages. */
  scalar: ScalarKind | undefined
  message: MessageType | undefined
  repeated: boolean
}

export interface MessageType {
  name: string
  byNumber: ReadonlyMap<number, MessageField>
  byName: ReadonlyMap<string, MessageField>
}

const source = `
TracesRequest:   resourceSpans 1 ResourceSpans*
ResourceSpans:   resource 1 Resource, scopeSpans 2 ScopeSpans*, schemaUrl 3 string
ScopeSpans:      scope 1 Scope, spans 2 Span*, schemaUrl 3 string
Span:            traceId 1 id, spanId 2 id, traceState 3 string, parentSpanId 4 id, flags 16 fixed32, name 5 string,
                 kind 6 enum, startTimeUnixNano 7 fixed64, endTimeUnixNano 8 fixed64, attributes 9 KeyValue*,
                 droppedAttributesCount 10 uint32, events 11 Event*, droppedEventsCount 12 uint32, links 13 SpanLink*,
                 droppedLinksCount 14 uint32, status 15 Status
Event:           timeUnixNano 1 fixed64, name 2 string, attributes 3 KeyValue*, droppedAttributesCount 4 uint32
SpanLink:        traceId 1 id, spanId 2 id, traceState 3 string, attributes 4 KeyValue*,
                 droppedAttributesCount 5 uint32, flags 6 fixed32
Status:          message 2 string, code 3 enum

LogsRequest:     resourceLogs 1 ResourceLogs*
ResourceLogs:    resource 1 Resource, scopeLogs 2 ScopeLogs*, schemaUrl 3 string
ScopeLogs:       scope 1 Scope, logRecords 2 LogRecord*, schemaUrl 3 string
LogRecord:       timeUnixNano 1 fixed64, observedTimeUnixNano 11 fixed64, severityNumber 2 enum, severityText 3 string,
                 body 5 AnyValue, attributes 6 KeyValue*, droppedAttributesCount 7 uint32, flags 8 fixed32,
                 traceId 9 id, spanId 10 id, eventName 12 string

MetricsRequest:  resourceMetrics 1 ResourceMetrics*
ResourceMetrics: resource 1 Resource, scopeMetrics 2 ScopeMetrics*, schemaUrl 3 string
ScopeMetrics:    scope 1 Scope, metrics 2 Metric*, schemaUrl 3 string
Metric:          name 1 string, description 2 string, unit 3 string, gauge 5 Gauge, sum 7 Sum, histogram 9 Histogram,
                 exponentialHistogram 10 ExponentialHistogram, summary 11 Summary, metadata 12 KeyValue*
Gauge:           dataPoints 1 NumberPoint*
Sum:             dataPoints 1 NumberPoint*, aggregationTemporality 2 enum, isMonotonic 3 bool
Histogram:       dataPoints 1 HistogramPoint*, aggregationTemporality 2 enum
ExponentialHistogram: dataPoints 1 ExponentialHistogramPoint*, aggregationTemporality 2 enum
Summary:         dataPoints 1 SummaryPoint*
NumberPoint:     attributes 7 KeyValue*, startTimeUnixNano 2 fixed64, timeUnixNano 3 fixed64, asDouble 4 double,
                 asInt 6 sfixed64, exemplars 5 Exemplar*, flags 8 uint32
HistogramPoint:  attributes 9 KeyValue*, startTimeUnixNano 2 fixed64, timeUnixNano 3 fixed64, count 4 fixed64,
                 sum 5 double, bucketCounts 6 fixed64*, explicitBounds 7 double*, exemplars 8 Exemplar*,
                 flags 10 uint32, min 11 double, max 12 double
ExponentialHistogramPoint: attributes 1 KeyValue*, startTimeUnixNano 2 fixed64, timeUnixNano 3 fixed64,
                 count 4 fixed64, sum 5 double, scale 6 sint32, zeroCount 7 fixed64, positive 8 Buckets,
                 negative 9 Buckets, flags 10 uint32, exemplars 11 Exemplar*, min 12 double, max 13 double,
                 zeroThreshold 14 double
Buckets:         offset 1 sint32, bucketCounts 2 uint64*
SummaryPoint:    attributes 7 KeyValue*, startTimeUnixNano 2 fixed64, timeUnixNano 3 fixed64, count 4 fixed64,
                 sum 5 double, quantileValues 6 Quantile*, flags 8 uint32
Quantile:        quantile 1 double, value 2 double
Exemplar:        filteredAttributes 7 KeyValue*, timeUnixNano 2 fixed64, asDouble 3 double, asInt 6 sfixed64,
                 spanId 4 id, traceId 5 id

ProfilesRequest: resourceProfiles 1 ResourceProfiles*, dictionary 2 Dictionary
ResourceProfiles: resource 1 Resource, scopeProfiles 2 ScopeProfiles*, schemaUrl 3 string
ScopeProfiles:   scope 1 Scope, profiles 2 Profile*, schemaUrl 3 string
Profile:         sampleType 1 ValueType, samples 2 Sample*, timeUnixNano 3 fixed64, durationNano 4 uint64,
                 periodType 5 ValueType, period 6 int64, profileId 7 id, droppedAttributesCount 8 uint32,
                 originalPayloadFormat 9 string, originalPayload 10 bytes, attributeIndices 11 int32*
Sample:          stackIndex 1 int32, attributeIndices 2 int32*, linkIndex 3 int32, values 4 int64*,
                 timestampsUnixNano 5 fixed64*
ValueType:       typeStrindex 1 int32, unitStrindex 2 int32
Dictionary:      mappingTable 1 Mapping*, locationTable 2 Location*, functionTable 3 Function*, linkTable 4 ProfileLink*,
                 stringTable 5 string*, attributeTable 6 KeyValueAndUnit*, stackTable 7 Stack*
Mapping:         memoryStart 1 uint64, memoryLimit 2 uint64, fileOffset 3 uint64, filenameStrindex 4 int32,
                 attributeIndices 5 int32*
Location:        mappingIndex 1 int32, address 2 uint64, lines 3 Line*, attributeIndices 4 int32*
Line:            functionIndex 1 int32, line 2 int64, column 3 int64
Function:        nameStrindex 1 int32, systemNameStrindex 2 int32, filenameStrindex 3 int32, startLine 4 int64
ProfileLink:     traceId 1 id, spanId 2 id
KeyValueAndUnit: keyStrindex 1 int32, value 2 AnyValue, unitStrindex 3 int32
Stack:           locationIndices 1 int32*

Resource:        attributes 1 KeyValue*, droppedAttributesCount 2 uint32, entityRefs 3 EntityRef*
EntityRef:       schemaUrl 1 string, type 2 string, idKeys 3 string*, descriptionKeys 4 string*
Scope:           name 1 string, version 2 string, attributes 3 KeyValue*, droppedAttributesCount 4 uint32
KeyValue:        key 1 string, value 2 AnyValue, keyStrindex 3 int32
AnyValue:        stringValue 1 string, boolValue 2 bool, intValue 3 int64, doubleValue 4 double,
                 arrayValue 5 ArrayValue, kvlistValue 6 KeyValueList, bytesValue 7 bytes, stringValueStrindex 8 int32
ArrayValue:      values 1 AnyValue*
KeyValueList:    values 1 KeyValue*
`

/** Enum values that JSON may spell out; the numbers are the wire's. */
export const enumNumbers: ReadonlyMap<string, number> = new Map(
  [
    ['SPAN_KIND_', ['UNSPECIFIED', 'INTERNAL', 'SERVER', 'CLIENT', 'PRODUCER', 'CONSUMER']],
    ['STATUS_CODE_', ['UNSET', 'OK', 'ERROR']],
    ['AGGREGATION_TEMPORALITY_', ['UNSPECIFIED', 'DELTA', 'CUMULATIVE']],
    [
      'SEVERITY_NUMBER_',
      ['UNSPECIFIED', ...['TRACE', 'DEBUG', 'INFO', 'WARN', 'ERROR', 'FATAL'].flatMap(fourLevels)]
    ]
  ].flatMap(([prefix, names]) =>
    (names as string[]).map((name, number): [string, number] => [`${prefix as string}${name}`, number])
  )
)

const types = parseTypes()

export function messageType(name: string): MessageType {
  const type = types.get(name)
  if (!type) throw new Error(`No OTLP message is called ${name}`)
  return type
}

export const requestTypes = {
  traces: messageType('TracesRequest'),
  logs: messageType('LogsRequest'),
  metrics: messageType('MetricsRequest'),
  profiles: messageType('ProfilesRequest')
}

/** The wire type of one value of a scalar field; 2 for those that are never packed. */
export function scalarWireType(field: MessageField): number {
  switch (field.scalar) {
    case 'string':
    case 'bytes':
    case 'id':
    case undefined:
      return 2
    case 'double':
    case 'fixed64':
    case 'sfixed64':
      return 1
    case 'fixed32':
      return 5
    default:
      return 0
  }
}

function fourLevels(level: string): string[] {
  return [level, `${level}2`, `${level}3`, `${level}4`]
}

function parseTypes(): Map<string, MessageType> {
  const bodies = [...source.matchAll(/^(\w+):([^:]*)(?=^\w+:|(?![^]))/gm)]
  const types = new Map<string, MessageType & { byNumber: Map<number, MessageField> }>()
  for (const [, name] of bodies) types.set(name!, { name: name!, byNumber: new Map(), byName: new Map() })
  for (const [, owner, body] of bodies) {
    const type = types.get(owner!)!
    for (const [, name, number, kind, star] of body!.matchAll(/(\w+) (\d+) (\w+)(\*?)/g)) {
      const message = types.get(kind!)
      const field: MessageField = {
        number: Number(number),
        name: name!,
        // Not the text that was cut out, which is slow to compare.
        scalar: scalarKinds.find(known => known === kind),
        message,
        repeated: star === '*'
      }
      type.byNumber.set(field.number, field)
      ;(type.byName as Map<string, MessageField>).set(field.name, field)
    }
  }
  return types
}
