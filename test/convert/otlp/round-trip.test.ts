// What comes in as OTLP comes out as OTLP: the whole way through the tables of a recording.
import { describe, expect, test } from 'vitest'
import { readOtlpRequest } from '../../../src/convert/otlp/read-request.ts'
import { writeOtlpJson } from '../../../src/convert/otlp/write-otlp-json.ts'
import type { OtlpEncoding } from '../../../src/otlp/read-otlp.ts'
import type { OtlpSignal } from '../../../src/otlp/sink.ts'
import { otlpFixtures } from '../../helpers/otlp-fixtures.ts'
import { decodeByOracle, encodeByOracle, meaningOf } from '../../helpers/otlp-oracle.ts'
import { Random } from '../../helpers/random.ts'
import { randomRequest } from '../../helpers/random-otlp.ts'

function roundTrip(signal: OtlpSignal, encoding: OtlpEncoding, bytes: Uint8Array): unknown[] {
  const { slices, outcome } = readOtlpRequest({
    signal,
    encoding,
    bytes,
    identify: resource => JSON.stringify([...resource])
  })
  expect(outcome).toMatchObject({ rejected: 0, message: '' })
  return slices.flatMap(({ recording }) =>
    [...writeOtlpJson(recording)].map(line => JSON.parse(line) as unknown)
  )
}

function jsonBytes(value: unknown): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(value))
}

describe('a request that is read and written again', () => {
  test.each(otlpFixtures())('has lost nothing: $name', ({ signal, encoding, bytes }) => {
    const sent =
      encoding === 'json' ? JSON.parse(new TextDecoder().decode(bytes)) : decodeByOracle(signal, bytes)
    const expected = meaningOf(signal, [sent])
    expect(expected.length).toBeGreaterThan(0)
    expect(meaningOf(signal, roundTrip(signal, encoding, bytes))).toEqual(expected)
  })

  test.each(['traces', 'logs', 'metrics', 'profiles'] as const)('has lost nothing: random %s', signal => {
    for (let seed = 1; seed <= 100; seed++) {
      const request = randomRequest(new Random(seed), signal)
      const expected = meaningOf(signal, [request])
      const fromJson = roundTrip(signal, 'json', jsonBytes(request))
      expect(meaningOf(signal, fromJson), `seed ${seed}, JSON`).toEqual(expected)
      for (const packed of [true, false]) {
        const fromProtobuf = roundTrip(signal, 'protobuf', encodeByOracle(signal, request, packed))
        expect(meaningOf(signal, fromProtobuf), `seed ${seed}, protobuf, ${packed}`).toEqual(expected)
      }
    }
  })
})
