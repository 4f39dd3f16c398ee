// Requests of real spans that are none of those before: their ids are drawn anew.
import { randomFillSync } from 'node:crypto'
import { request } from 'node:http'
import { ProtobufCursor } from '../../dist/otlp/protobuf-cursor.js'

/** The status of the answer. */
export function postSpans(agent, url, bytes) {
  return new Promise((resolve, reject) => {
    const headers = { 'content-type': 'application/x-protobuf', 'content-length': bytes.length }
    request(new URL('/v1/traces', url), { method: 'POST', agent, headers }, answer =>
      answer.resume().on('end', () => resolve(answer.statusCode))
    )
      .on('error', reject)
      .end(bytes)
  })
}

/** Where in an OTLP body the ids of its spans lie. */
export function idsOf(bytes) {
  const found = { traces: [], spans: [] }
  const each = (from, to, wanted, visit) => {
    const cursor = new ProtobufCursor(bytes, from, to)
    for (let tag = cursor.tag(); tag !== 0; tag = cursor.tag()) {
      if (!wanted.includes(tag)) {
        cursor.skip(tag)
        continue
      }
      const end = cursor.enter()
      visit(cursor.position, end, tag)
      cursor.position = end
    }
  }
  each(0, bytes.length, [0x0a], (from, to) =>
    each(from, to, [0x12], (from, to) =>
      each(from, to, [0x12], (from, to) =>
        each(from, to, [0x0a, 0x12], (at, _end, tag) => found[tag === 0x0a ? 'traces' : 'spans'].push(at))
      )
    )
  )
  return found
}

/** No two requests are the same: a collector takes the second of two equal ones for a retry. */
export function withFreshIds({ template, ids }) {
  const bytes = Buffer.from(template)
  for (const at of ids.traces) randomFillSync(bytes, at, 16)
  for (const at of ids.spans) randomFillSync(bytes, at, 8)
  return bytes
}
