// Attributes whose bytes came before are not read again: what they say must not depend on what came before them.
import { describe, expect, test } from 'vitest'
import { readOtlpRequest } from '../../src/convert/otlp/read-request.ts'
import { writeOtlpJson } from '../../src/convert/otlp/write-otlp-json.ts'
import { ProtobufWriter } from '../../src/otlp/protobuf-writer.ts'

type Write = (writer: ProtobufWriter) => void

const key = (text: string) => (writer: ProtobufWriter) => writer.string(1, text)
const value = (write: Write) => (writer: ProtobufWriter) => writer.message(2, () => write(writer))
const text = (content: string) => value(writer => writer.string(1, content))
const unknownField: Write = writer => writer.varint(9, 1)
const list = value(writer => writer.message(5, () => writer.message(1, () => writer.string(1, 'x'))))

/** The fields of KeyValue messages that begin alike, end alike, or say a thing twice. */
const attributes: Write[][] = [
  [key('a'), text('x')],
  [key('a'), text('y')],
  [key('a'), text('xy')],
  [key('a')],
  [key('ab'), text('x')],
  [key('a'), key('b'), text('x')],
  [key('a'), text('x'), key('b')],
  [text('x'), key('a')],
  [key('a'), text('x'), text('y')],
  [key('a'), unknownField, text('x')],
  [key('a'), value(writer => writer.varint(3, 7))],
  [key('a'), value(writer => writer.double(4, 0.5))],
  [key('a'), value(writer => writer.boolean(2, true))],
  [key('a'), value(writer => writer.bytes(7, Uint8Array.of(1, 2)))],
  [key('a'), list],
  [key('__proto__'), text('x')],
  [text('x')],
  []
]

function requestOf(spans: Write[][][], resource = 'one'): Uint8Array {
  const writer = new ProtobufWriter()
  writer.message(1, () => {
    writer.resource(1, { name: resource })
    writer.message(2, () => {
      for (const span of spans) {
        writer.message(2, () => {
          writer.hex(1, '0102030405060708090a0b0c0d0e0f10')
          writer.hex(2, '0102030405060708')
          for (const fields of span) writer.message(9, () => fields.forEach(write => write(writer)))
        })
      }
    })
  })
  return writer.finish()
}

/** Of each span, as JSON. */
function read(bytes: Uint8Array): string[] {
  const { slices } = readOtlpRequest({
    signal: 'traces',
    encoding: 'protobuf',
    bytes,
    identify: resource => resource.get('name')!
  })
  return slices.flatMap(({ recording }) =>
    [...writeOtlpJson(recording)].flatMap(line => {
      const { resourceSpans } = JSON.parse(line) as {
        resourceSpans: { scopeSpans: { spans: { attributes?: unknown }[] }[] }[]
      }
      return resourceSpans
        .flatMap(({ scopeSpans }) => scopeSpans)
        .flatMap(({ spans }) => spans.map(({ attributes }) => JSON.stringify(attributes)))
    })
  )
}

describe('attributes', () => {
  test('say the same behind any others as in a request of their own', () => {
    const alone = new Map(attributes.map(fields => [fields, read(requestOf([[fields]]))[0]]))
    expect(new Set(alone.values()).size).toBeGreaterThan(10)
    const order = attributes.flatMap(a =>
      attributes.flatMap(b => attributes.flatMap(c => [a, b, c, a, b, c]))
    )
    const together = read(requestOf(order.map(fields => [fields])))
    expect(together.length).toBe(order.length)
    expect(together.filter((found, i) => found !== alone.get(order[i]!))).toEqual([])
  })

  test('of one sender are not those of another', () => {
    const spans = [[[key('a'), text('x')]], [[key('a'), text('x')]]]
    const others = [[[key('a'), text('x')]], [[key('b'), text('y')]]]
    const bytes = Buffer.concat([requestOf(spans, 'one'), requestOf(others, 'two'), requestOf(spans, 'one')])
    const [x, y] = read(requestOf(others))
    expect(read(bytes)).toEqual([x, x, x, x, x, y])
  })
})
