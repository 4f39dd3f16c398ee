import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { looksLikeOtlp, splitOtlpFile } from '../../src/convert/otlp-file.ts'
import { readOtlpRequest } from '../../src/convert/otlp/read-request.ts'
import { otlpFixtures } from '../helpers/otlp-fixtures.ts'
import { encodeByOracle, meaningOf } from '../helpers/otlp-oracle.ts'
import { Random } from '../helpers/random.ts'
import { randomRequest } from '../helpers/random-otlp.ts'

const folder = new URL('../fixtures/otlp/', import.meta.url)

function accepted(file: Uint8Array): number {
  return splitOtlpFile(file)
    .map(({ signal, encoding, bytes }) => readOtlpRequest({ signal, encoding, bytes, identify: () => '' }))
    .reduce((sum, { outcome }) => sum + outcome.accepted, 0)
}

/** Turns each length prefix around. */
function bigEndian(file: Buffer): Buffer {
  const swapped = Buffer.from(file)
  for (let at = 0; at < file.length; at += 4 + file.readUInt32LE(at))
    swapped.writeUInt32BE(file.readUInt32LE(at), at)
  return swapped
}

/** The first request of a length-prefixed file, with its length. */
function oneSpan(): Buffer {
  const file = readFileSync(new URL('shop/spans-5k.lp.bin', folder))
  return file.subarray(0, 4 + file.readUInt32LE(0))
}

function twoSpans(): Buffer {
  return Buffer.concat([oneSpan(), oneSpan()])
}

function keepFirst(bytes: number): RegExp {
  return new RegExp(`keep the first ${bytes} bytes`)
}

/** A request with one log record, as protobuf. */
function logOf(text: string): Uint8Array {
  const logRecords = [{ timeUnixNano: '1700000000000000000', body: { stringValue: text } }]
  return encodeByOracle('logs', { resourceLogs: [{ scopeLogs: [{ logRecords }] }] })
}

describe('a file of OTLP', () => {
  test('of length-prefixed protobuf is split, whatever the byte order', () => {
    for (const name of ['shop/spans-5k.lp.bin', 'shop/logs-5k.lp.bin']) {
      const file = readFileSync(new URL(name, folder))
      expect(accepted(file)).toBe(5120)
      expect(accepted(bigEndian(file))).toBe(5120)
    }
  })

  test('of one request is known for its signal: every body we have', () => {
    for (const { name, signal, encoding, bytes } of otlpFixtures()) {
      expect(looksLikeOtlp(bytes), name).toBe(true)
      expect(splitOtlpFile(bytes), name).toEqual([{ signal, encoding, bytes: expect.anything() as unknown }])
    }
  })

  test('of random requests is known for its signal', () => {
    for (const signal of ['traces', 'logs', 'profiles'] as const) {
      for (let seed = 1; seed <= 50; seed++) {
        const request = randomRequest(new Random(seed), signal)
        if (meaningOf(signal, [request]).length === 0) continue
        const split = splitOtlpFile(encodeByOracle(signal, request))
        expect(
          split.map(part => part.signal),
          `${signal} ${seed}`
        ).toEqual([signal])
      }
    }
  })

  test('of protobuf that begins like JSON, "\\n{" or "{", is known for what it is', () => {
    const withoutText = logOf('').length
    const request = logOf('x'.repeat(125 - withoutText))
    expect(Buffer.from(request).toString('latin1', 0, 2)).toBe('\n{')
    expect(splitOtlpFile(request)).toMatchObject([{ signal: 'logs', encoding: 'protobuf' }])
    const prefixed = Buffer.concat([Buffer.from('{\0\0\0'), logOf('x'.repeat(123 - withoutText))])
    expect(splitOtlpFile(prefixed)).toMatchObject([{ signal: 'logs', encoding: 'protobuf' }])
  })

  test('of JSON is split, one request a line or pretty or both', () => {
    const bodies = ['trace', 'logs', 'metrics', 'events'].map(name =>
      readFileSync(new URL(`opentelemetry-proto-1.11/${name}.json`, folder), 'utf8')
    )
    const lines = bodies.map(body => JSON.stringify(JSON.parse(body)))
    const signals = ['traces', 'logs', 'metrics', 'logs']
    for (const text of [lines.join('\n'), `${bodies.join('\r\n\n')}\n`, ` ${lines.join('')}`])
      expect(splitOtlpFile(new TextEncoder().encode(text)).map(({ signal }) => signal)).toEqual(signals)
  })

  test('with the name of a signal inside of a string is not taken for that signal', () => {
    const text = '{"a":"{\\"resourceLogs\\":[]}","resourceSpans":[],"b":{"resourceMetrics":1}}'
    expect(splitOtlpFile(new TextEncoder().encode(text)).map(({ signal }) => signal)).toEqual(['traces'])
  })

  test.each<[string, Uint8Array, RegExp]>([
    ['is empty', new Uint8Array(0), /found none/],
    ['is text', new TextEncoder().encode('hello'), /found none/],
    ['is other JSON', new TextEncoder().encode('{"nodes":[]}'), /found none/],
    ['is JSON cut short', new TextEncoder().encode('{"resourceSpans":[{'), /complete/],
    [
      'is lines, the last cut short',
      Buffer.from('{"resourceSpans":[]}\n{"resourceLo'),
      /complete.* line 2 isn't/
    ],
    ['has garbage after its lines', Buffer.from('{"resourceSpans":[]}\n\ngarbage'), /line 3/],
    ['has other JSON among its lines', Buffer.from('{"a":1}\n{"resourceSpans":[]}'), /line 1/],
    ['is zeros, each four of which say a length', new Uint8Array(4_000_000), /found none/],
    ['has a request of no bytes', Buffer.concat([oneSpan(), new Uint8Array(4)]), /keep the first \d+ bytes/],
    ['is cut short', twoSpans().subarray(0, -10), keepFirst(oneSpan().length)],
    ['is cut short, big endian', bigEndian(twoSpans()).subarray(0, -10), keepFirst(oneSpan().length)],
    [
      'has something else among its requests',
      Buffer.concat([oneSpan(), Buffer.from('\x05\0\0\0hello')]),
      /after each/
    ],
    ['has too many requests', new Uint8Array(5_000_005).map((_, i) => (i % 5 === 0 ? 1 : 0)), /1000000/],
    ['has too many requests, as JSON', Buffer.from('{"resourceSpans":0}'.repeat(1_000_001)), /1000000/]
  ])('that %s is refused', (_, file, message) => {
    expect(() => splitOtlpFile(file)).toThrow(message)
  })
})
