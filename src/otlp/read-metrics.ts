import { checkMessage } from './check-message.ts'
import { timeProblem } from './read-spans.ts'
import type { OpaqueItems } from './opaque-items.ts'
import { messageType } from './otlp-messages.ts'
import type { RequestReader } from './request-reader.ts'
import type { NumberPointRow, U64 } from './sink.ts'

const metricType = messageType('Metric')

// Tags of a point's times, the same in all five kinds of points; and where each kind of data keeps its points.
const startTimeTag = 0x11
const timeTag = 0x19
const pointsTag = 0x0a
const gaugeTag = 0x2a
const sumTag = 0x3a
const dataTags: readonly number[] = [gaugeTag, sumTag, 0x4a, 0x52, 0x5a]

/**
 * Reads opentelemetry.proto.metrics.v1.Metric messages. Gauges and sums of plain numbers become points; a metric with
 * anything more (histograms, exemplars, metadata, integers beyond 2^53, points without a value) is kept as it came.
 */
export function createMetricReader(reader: RequestReader): (opaque: OpaqueItems) => void {
  const { cursor } = reader
  const point = createPointRow()
  const startTime: U64 = { high: 0, low: 0 }
  const time: U64 = { high: 0, low: 0 }

  return opaque => {
    const from = cursor.position
    const found = look()
    cursor.position = from
    if (found.plain && found.points > 0) readPoints(found.dataFrom, found.dataTo)
    else keep(opaque, found)
  }

  interface Look {
    /** Rows can hold it. */
    plain: boolean
    points: number
    dataFrom: number
    dataTo: number
  }

  /** Reads what describes the metric into the row, and says what is in it. */
  function look(): Look {
    const found: Look = { plain: true, points: 0, dataFrom: 0, dataTo: 0 }
    let dataFields = 0
    point.name = point.description = point.unit = point.temporality = 0
    point.monotonic = false
    for (let tag = cursor.tag(); tag !== 0; tag = cursor.tag()) {
      if (tag === 0x0a) point.name = reader.text()
      else if (tag === 0x12) point.description = reader.text()
      else if (tag === 0x1a) point.unit = reader.text()
      else if (dataTags.includes(tag)) {
        const to = cursor.enter()
        found.dataFrom = cursor.position
        found.dataTo = to
        point.metricKind = tag === gaugeTag ? 0 : 1
        lookAtData(found, tag, to)
        if (++dataFields > 1) found.plain = false
      } else {
        if (tag === 0x62) found.plain = false
        cursor.skip(tag)
      }
    }
    return found
  }

  function lookAtData(found: Look, dataTag: number, to: number): void {
    const { end } = cursor
    cursor.end = to
    for (let tag = cursor.tag(); tag !== 0; tag = cursor.tag()) {
      if (tag === pointsTag) {
        found.points++
        lookAtPoint(found, cursor.enter())
      } else if (tag === 0x10 && dataTag === sumTag) point.temporality = cursor.varint32()
      else if (tag === 0x18 && dataTag === sumTag) point.monotonic = cursor.varint32() !== 0
      else cursor.skip(tag)
    }
    if (dataTag !== gaugeTag && dataTag !== sumTag) found.plain = false
    if (point.temporality > 255) found.plain = false
    cursor.end = end
  }

  function lookAtPoint(found: Look, to: number): void {
    const { end } = cursor
    cursor.end = to
    let values = 0
    startTime.high = startTime.low = time.high = time.low = 0
    for (let tag = cursor.tag(); tag !== 0; tag = cursor.tag()) {
      if (tag === 0x21 || tag === 0x31) values++
      if (tag === 0x31) {
        const low = cursor.fixed64()
        if (!Number.isSafeInteger((cursor.high | 0) * 0x100000000 + low)) found.plain = false
      } else if (tag === startTimeTag) reader.time(startTime)
      else if (tag === timeTag) reader.time(time)
      else {
        if (tag === 0x2a) found.plain = false
        cursor.skip(tag)
      }
    }
    // What began long ago is told now: of the two, the start may be the one that doesn't fit.
    if (reader.admits(time) && !reader.admits(startTime)) found.plain = false
    if (values !== 1) found.plain = false
    cursor.end = end
  }

  function readPoints(from: number, to: number): void {
    const { position, end } = cursor
    cursor.position = from
    cursor.end = to
    for (let tag = cursor.tag(); tag !== 0; tag = cursor.tag()) {
      if (tag === pointsTag) readPoint(cursor.enter())
      else cursor.skip(tag)
    }
    cursor.position = position
    cursor.end = end
  }

  function readPoint(to: number): void {
    reader.countItem()
    const { end } = cursor
    cursor.end = to
    point.attributes = point.flags = 0
    point.time.high = point.time.low = point.startTime.high = point.startTime.low = 0
    let hasAttributes = false
    for (let tag = cursor.tag(); tag !== 0; tag = cursor.tag()) {
      if (tag === startTimeTag) reader.time(point.startTime)
      else if (tag === timeTag) reader.time(point.time)
      else if (tag === 0x21) {
        point.value = cursor.double()
        point.isInteger = false
      } else if (tag === 0x31) {
        const low = cursor.fixed64()
        point.value = (cursor.high | 0) * 0x100000000 + low
        point.isInteger = true
      } else if (tag === 0x3a && !hasAttributes) {
        point.attributes = reader.attributes(tag)
        hasAttributes = true
      } else if (tag === 0x40) point.flags = cursor.varint32()
      else cursor.skip(tag)
    }
    cursor.end = end
    if (reader.admits(point.time)) {
      reader.sink.item(point)
      reader.outcome.accepted++
    } else reader.reject(timeProblem)
  }

  /** A metric without points counts as one item, so that nothing is free. */
  function keep(opaque: OpaqueItems, found: Look): void {
    const from = cursor.position
    const to = cursor.end
    checkMessage(cursor, metricType, reader.limits, reader.countItem)
    if (found.points === 0) reader.countItem()
    let fits = true
    eachTime(from, to, () => (fits &&= reader.admits(time)))
    if (!fits) {
      reader.reject(timeProblem, found.points)
      return
    }
    eachTime(from, to, () => opaque.addTime(time))
    reader.sink.settleTimes()
    opaque.add({ from, to }, found.points)
  }

  /** Reads the times of all points into `time`, one after the other. */
  function eachTime(from: number, to: number, visit: () => void): void {
    const eachPoint = (dataTag: number) => {
      if (!dataTags.includes(dataTag)) {
        cursor.skip(dataTag)
        return
      }
      within(tag => {
        if (tag !== pointsTag) {
          cursor.skip(tag)
          return
        }
        within(inner => {
          if (inner !== timeTag) {
            cursor.skip(inner)
            return
          }
          reader.time(time)
          visit()
        })
      })
    }
    const { position, end } = cursor
    cursor.position = from
    cursor.end = to
    for (let tag = cursor.tag(); tag !== 0; tag = cursor.tag()) eachPoint(tag)
    cursor.position = position
    cursor.end = end
  }

  /** Runs over the message that comes now. */
  function within(read: (tag: number) => void): void {
    const { end } = cursor
    cursor.end = cursor.enter()
    for (let tag = cursor.tag(); tag !== 0; tag = cursor.tag()) read(tag)
    cursor.end = end
  }
}

function createPointRow(): NumberPointRow {
  return {
    kind: 'point',
    name: 0,
    description: 0,
    unit: 0,
    metricKind: 0,
    temporality: 0,
    monotonic: false,
    attributes: 0,
    time: { high: 0, low: 0 },
    startTime: { high: 0, low: 0 },
    value: 0,
    isInteger: false,
    flags: 0
  }
}
