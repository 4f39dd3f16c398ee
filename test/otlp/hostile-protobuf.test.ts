// Bytes that nobody meant: whatever comes in, the outcome is a recording or an error that says what was expected.
import { describe, expect, test } from 'vitest'
import { readOtlpRequest } from '../../src/convert/otlp/read-request.ts'
import { writeOtlpJson } from '../../src/convert/otlp/write-otlp-json.ts'
import { MicrologError } from '../../src/base/errors.ts'
import type { OtlpSignal } from '../../src/otlp/sink.ts'
import { otlpFixtures } from '../helpers/otlp-fixtures.ts'
import { encodeByOracle } from '../helpers/otlp-oracle.ts'
import { Random } from '../helpers/random.ts'
import { randomRequest } from '../helpers/random-otlp.ts'

const signals = ['traces', 'logs', 'metrics', 'profiles'] as const

/** Reads and writes again. @returns the error where there was one of ours */
function survive(signal: OtlpSignal, bytes: Uint8Array): MicrologError | undefined {
  try {
    const { slices } = readOtlpRequest({
      signal,
      encoding: 'protobuf',
      bytes,
      identify: resource => resource.get('a') ?? ''
    })
    for (const { recording } of slices) for (const line of writeOtlpJson(recording)) JSON.parse(line)
    return undefined
  } catch (error) {
    if (error instanceof MicrologError) return error
    throw error
  }
}

function bodies(): { signal: OtlpSignal; bytes: Uint8Array }[] {
  const real = otlpFixtures().filter(
    ({ name, encoding }) => name.startsWith('node-sdk') && encoding === 'protobuf'
  )
  const random = signals.flatMap(signal =>
    [1, 2, 3].map(seed => ({
      signal,
      bytes: encodeByOracle(signal, randomRequest(new Random(seed), signal))
    }))
  )
  return [...real, ...random].filter(({ bytes }) => bytes.length > 0)
}

describe('protobuf', () => {
  test('cut at any byte is read or refused, with where', () => {
    for (const { signal, bytes } of bodies()) {
      for (let length = 0; length < Math.min(bytes.length, 4000); length++) {
        const error = survive(signal, bytes.slice(0, length))
        // Nothing but whole ResourceX messages may be missing.
        if (error) expect(error.offset, `${signal} cut at ${length}`).toBeLessThanOrEqual(length)
      }
    }
  })

  test('with text that is no UTF-8 is read, with U+FFFD in its place', () => {
    const request = {
      resourceLogs: [{ scopeLogs: [{ logRecords: [{ severityText: 'QQQQ', timeUnixNano: '1' }] }] }]
    }
    const bytes = encodeByOracle('logs', request)
    const at = Buffer.from(bytes).indexOf('QQQQ')
    bytes.set([0x41, 0xff, 0xc3, 0x28], at)
    const { slices } = readOtlpRequest({ signal: 'logs', encoding: 'protobuf', bytes, identify: () => '' })
    const { strings, logs } = slices[0]!.recording
    expect(strings[logs.severityText[0]!]).toBe('A\ufffd\ufffd(')
  })

  test.each<[string, number[]]>([
    ['a length beyond the end', [0x0a, 0x05, 0x00]],
    ['a length of 2^40', [0x0a, 0x80, 0x80, 0x80, 0x80, 0x80, 0x20]],
    ['a varint without an end', [0x08, ...Array<number>(12).fill(0xff)]],
    ['the field 0', [0x02, 0x00]],
    ['a group', [0x0b, 0x0c]],
    ['a wire type that there is not', [0x0e]],
    ['a fixed64 cut short', [0x19, 1, 2, 3]]
  ])('with %s is refused', (_, bytes) => {
    expect(survive('traces', Uint8Array.from(bytes))).toMatchObject({ code: 'invalid-input' })
  })
})
