// One way to read or write the shop's spans, in a process of its own: V8 compiles for it alone, as it does in a collector
// that is sent one encoding all day. Argument: the way. Answers each message with µs of CPU that a round took.
import { readFile } from 'node:fs/promises'
import { readOtlpRequest } from '../../dist/convert/otlp/read-request.js'
import { quickCodec } from '../../dist/collector/store/node-codec.js'
import { encodeRecording } from '../../dist/format/index.js'
import { decodeMessage } from '../../dist/otlp/decode-message.js'
import { requestTypes } from '../../dist/otlp/otlp-messages.js'
import { otlpLimits, otlpRecording, otlpRequests } from '../data/otlp-recording.mjs'
import { protobufjsType } from '../data/protobufjs-type.mjs'

const shop = new URL('../../test/fixtures/otlp/shop/spans-5k.lp.bin', import.meta.url)
const bodies = otlpRequests(await readFile(shop))
const storedCodec = { deflate: bytes => bytes }

const ways = {
  protobuf: () => readAll('protobuf', bodies),
  async protobufjs() {
    const peer = await protobufjsType('collector.trace.v1.ExportTraceServiceRequest')
    return () => bodies.forEach(body => peer.decode(body))
  },
  json: () => readAll('json', jsonBodies()),
  jsonParse() {
    const texts = jsonBodies()
    return () => texts.forEach(body => JSON.parse(body.toString()))
  },
  segment: () => sealing(quickCodec),
  segmentStored: () => sealing(storedCodec)
}

function readAll(encoding, bodies) {
  return () => {
    for (const body of bodies)
      readOtlpRequest({ signal: 'traces', encoding, bytes: body, identify: () => 'one', limits: otlpLimits })
  }
}

function jsonBodies() {
  return bodies.map(body => Buffer.from(JSON.stringify(decodeMessage(requestTypes.traces, body))))
}

function sealing(codec) {
  const recording = otlpRecording([['traces', bodies]])
  return () => encodeRecording(recording, { recording: 'benchmark', label: 'benchmark' }, codec)
}

const run = await ways[process.argv[2]]()
process.on('message', async () => {
  const before = process.cpuUsage()
  await run()
  const { user, system } = process.cpuUsage(before)
  process.send(user + system)
})
process.send('ready')
