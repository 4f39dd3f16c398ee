// How many spans a second one core reads from OTLP bodies into columns, beside protobufjs and JSON.parse, which only make
// objects of them; and how many it seals into a segment. CPU time in turns, so that what else the machine does falls on
// all alike.
import { readFile } from 'node:fs/promises'
import { readOtlpRequest } from '../dist/convert/otlp/read-request.js'
import { encodeRecording } from '../dist/format/index.js'
import { decodeMessage } from '../dist/otlp/decode-message.js'
import { requestTypes } from '../dist/otlp/otlp-messages.js'
import { otlpLimits, otlpRecording, otlpRequests } from './data/otlp-recording.mjs'
import { protobufjsType } from './data/protobufjs-type.mjs'
import { zlibCodec } from './data/zlib-codec.mjs'

const shop = new URL('../test/fixtures/otlp/shop/spans-5k.lp.bin', import.meta.url)
const rounds = 40
const warmUps = 8
const storedCodec = { deflate: bytes => bytes }

export async function measure() {
  const bodies = otlpRequests(await readFile(shop))
  const jsonBodies = bodies.map(body => Buffer.from(JSON.stringify(decodeMessage(requestTypes.traces, body))))
  const peer = await protobufjsType('collector.trace.v1.ExportTraceServiceRequest')
  const recording = otlpRecording([['traces', bodies]])
  const seal = codec => encodeRecording(recording, { recording: 'benchmark', label: 'benchmark' }, codec)
  const ways = [
    { what: 'protobuf into columns', run: () => readAll('protobuf', bodies) },
    { what: 'protobuf into objects, by protobufjs', run: () => bodies.forEach(body => peer.decode(body)) },
    { what: 'JSON into columns', run: () => readAll('json', jsonBodies) },
    {
      what: 'JSON into objects, by JSON.parse',
      run: () => jsonBodies.forEach(body => JSON.parse(body.toString()))
    },
    { what: 'columns into a segment', run: () => seal(zlibCodec) },
    { what: 'the same without deflate, which has a thread of its own', run: () => seal(storedCodec) }
  ]
  return table(await medians(ways), ways, recording.spans.length)
}

function readAll(encoding, bodies) {
  for (const body of bodies) readOtlpRequest('traces', encoding, body, otlpLimits, () => 'one')
}

/** µs of CPU that each way takes. */
async function medians(ways) {
  const times = ways.map(() => [])
  for (let round = -warmUps; round < rounds; round++) {
    for (const [i, { run }] of ways.entries()) {
      const before = process.cpuUsage()
      await run()
      const { user, system } = process.cpuUsage(before)
      if (round >= 0) times[i].push(user + system)
    }
  }
  return times.map(each => each.sort((a, b) => a - b)[rounds >> 1])
}

function table(micros, ways, spans) {
  const [, peer] = micros
  return [
    `## Spans a second on one core (Node ${process.versions.node})`,
    '',
    `\`npm run benchmark ingest\`: ${spans} spans of the shop; medians of ${rounds} rounds in turns. Compare the ratios: the`,
    'absolute figures depend on the machine and on what else it does.',
    '',
    '| what | k spans/s | beside protobufjs |',
    '|---|---|---|',
    ...ways.map(
      ({ what }, i) =>
        `| ${what} | ${((spans / micros[i]) * 1000).toFixed(0)} | ${(peer / micros[i]).toFixed(2)} × |`
    )
  ].join('\n')
}
