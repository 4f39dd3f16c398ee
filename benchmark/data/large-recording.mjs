// A million samples of a busy server and 100,000 spans of a shop: the fixtures over and over, each time with ids drawn anew
// and other times.
import { randomBytes } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { readCpuprofile } from '../../dist/convert/read-cpuprofile.js'
import { RecordingBuilder } from '../../dist/format/index.js'
import { appendRecording } from '../../dist/recording/append-recording.js'
import { otlpRecording, otlpRequests } from './otlp-recording.mjs'

const fixtures = new URL('../../test/fixtures/', import.meta.url)
const epoch = 1_700_000_000_000_000_000n
const second = 1_000_000_000n

export async function largeRecording({ samples, spans }) {
  const profile = readCpuprofile(await readFile(new URL('cpuprofiles/http-1ms.cpuprofile', fixtures)), {
    name: 'http',
    startUnixNano: epoch
  })
  const shop = otlpRecording([
    ['traces', otlpRequests(await readFile(new URL('otlp/shop/spans-5k.lp.bin', fixtures)))]
  ])
  const builder = new RecordingBuilder(epoch)
  for (let n = 0n; builder.table('samples').length < samples; n++) {
    appendRecording(builder, { ...profile, epoch: epoch + n * 30n * second })
  }
  for (let n = 0n; builder.table('spans').length < spans; n++) {
    appendRecording(builder, { ...shop, spans: redrawn(shop.spans), epoch: epoch + n * 60n * second })
  }
  return builder.finish()
}

function redrawn(spans) {
  const drawn = new Map()
  const moved = spans.start.map(() => Math.floor(Math.random() * 1e6))
  return {
    ...spans,
    traceId: redraw(spans.traceId, 16, drawn),
    spanId: redraw(spans.spanId, 8, drawn),
    parentSpanId: redraw(spans.parentSpanId, 8, drawn),
    start: spans.start.map((time, row) => time + moved[row]),
    end: spans.end.map((time, row) => time + moved[row] + Math.floor(Math.random() * 1e3))
  }
}

/** The same for the same; none stays none. */
function redraw(column, width, drawn) {
  const ids = new Uint8Array(column.length)
  for (let at = 0; at < column.length; at += width) {
    const id = column.subarray(at, at + width)
    if (id.every(byte => byte === 0)) continue
    const key = Buffer.from(id).toString('hex')
    if (!drawn.has(key)) drawn.set(key, randomBytes(width))
    ids.set(drawn.get(key), at)
  }
  return ids
}
