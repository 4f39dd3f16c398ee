// How many spans a second one core reads from OTLP bodies into columns, beside protobufjs and JSON.parse, which only make
// objects of them; and how many it seals into a segment. CPU time in turns, so that what else the machine does falls on
// all alike. Then the same by a whole collector, through HTTP, journal and sealing; and samples from profiles.
//   --seconds 20   how long spans are sent to the collector, after it has warmed up
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { Agent } from 'node:http'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { writeOtlpJson } from '../dist/convert/otlp/write-otlp-json.js'
import { readCpuprofile } from '../dist/convert/read-cpuprofile.js'
import { readOtlpRequest } from '../dist/convert/otlp/read-request.js'
import { encodeOtlpJson } from '../dist/otlp/encode-otlp-json.js'
import { startCollector } from './data/collector-process.mjs'
import { idsOf, postSpans, withFreshIds } from './data/fresh-spans.mjs'
import { otlpLimits, otlpRecording, otlpRequests } from './data/otlp-recording.mjs'
import { median } from './data/statistics.mjs'

const work = fileURLToPath(new URL('programs/ingest-work.mjs', import.meta.url))
const shop = new URL('../test/fixtures/otlp/shop/spans-5k.lp.bin', import.meta.url)
const busyServer = new URL('../test/fixtures/cpuprofiles/http-1ms.cpuprofile', import.meta.url)
const senders = 4
const rounds = 40
const warmUps = 8
/** Until V8 has compiled what a collector does all day. */
const warmUpSeconds = 10

const ways = [
  { way: 'protobuf', what: 'protobuf into columns' },
  { way: 'protobufjs', what: 'protobuf into objects, by protobufjs' },
  { way: 'json', what: 'JSON into columns' },
  { way: 'jsonParse', what: 'JSON into objects, by JSON.parse' },
  { way: 'segment', what: 'columns into a segment' },
  { way: 'segmentStored', what: 'the same without deflate' }
]

export async function measure(args) {
  const { values } = parseArgs({ args, options: { seconds: { type: 'string', default: '20' } } })
  const bodies = otlpRequests(await readFile(shop))
  const { length } = otlpRecording([['traces', bodies]]).spans
  return [
    ...table(await microsOfWays(), length),
    '',
    await wholeWay(bodies[0], Number(values.seconds)),
    '',
    await samplesPerSecond()
  ].join('\n')
}

/** µs of CPU that the rounds of each took, each in a process of its own. */
async function microsOfWays() {
  const children = ways.map(({ way }) =>
    fork(work, [way], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })
  )
  try {
    await Promise.all(children.map(child => once(child, 'message')))
    return await inTurns(
      children.map(child => async () => {
        child.send('round')
        const [micros] = await once(child, 'message')
        return micros
      })
    )
  } finally {
    for (const child of children) child.disconnect()
  }
}

/** Spans from a few senders, as fast as a collector takes them. */
async function wholeWay(template, seconds) {
  const store = await mkdtemp(join(tmpdir(), 'microlog-ingest-'))
  const collector = await startCollector(store, 2000)
  try {
    const body = { template, ids: idsOf(template) }
    const agent = new Agent({ keepAlive: true, maxSockets: senders })
    const sendFor = async seconds => {
      const until = performance.now() + seconds * 1000
      let taken = 0
      const send = async () => {
        while (performance.now() < until) {
          if ((await postSpans(agent, collector.url, withFreshIds(body))) === 200)
            taken += body.ids.spans.length
        }
      }
      await Promise.all(Array.from({ length: senders }, send))
      return taken
    }
    await sendFor(warmUpSeconds)
    await collector.begin()
    const taken = await sendFor(seconds)
    agent.destroy()
    const used = await collector.end()
    const perSecond = taken / used.seconds / 1000
    return `Through HTTP, journal and sealing, on a disk: ${perSecond.toFixed(0)} k spans for each second of CPU of a whole collector, warm, all its threads and sealing included; ${(taken / seconds / 1000).toFixed(0)} k spans/s from ${senders} senders beside it on ${availableParallelism()} cores, ${body.ids.spans.length} a request; at most ${used.mebibytes.toFixed(0)} MiB resident.`
  } finally {
    await collector.end()
    await rm(store, { recursive: true, force: true })
  }
}

/** Stack samples from OTLP profiles into columns. */
async function samplesPerSecond() {
  const profile = readCpuprofile(await readFile(busyServer), { name: 'http', startUnixNano: 1n })
  const bodies = [...writeOtlpJson(profile)].map(line =>
    encodeOtlpJson('profiles', Buffer.from(line), otlpLimits)
  )
  const [times] = await inTurns([
    () => {
      const before = process.cpuUsage()
      for (const body of bodies)
        readOtlpRequest({
          signal: 'profiles',
          encoding: 'protobuf',
          bytes: body,
          identify: () => 'one',
          limits: otlpLimits
        })
      const { user, system } = process.cpuUsage(before)
      return user + system
    }
  ])
  const { length } = profile.samples
  const micros = median(times)
  return `Profiles: ${(length / micros).toFixed(2)} M samples/s from OTLP protobuf into columns (${length} of a busy server, ${bodies.length} requests, ${(bodies.reduce((sum, { length }) => sum + length, 0) / 1e6).toFixed(1)} MB).`
}

async function inTurns(measures) {
  const times = measures.map(() => [])
  for (let round = -warmUps; round < rounds; round++) {
    for (const [i, measure] of measures.entries()) {
      const micros = await measure()
      if (round >= 0) times[i].push(micros)
    }
  }
  return times
}

function table(times, spans) {
  const [, peer] = times
  return [
    `## Spans a second on one core (Node ${process.versions.node})`,
    '',
    `\`npm run benchmark ingest\`: ${spans} spans of the shop; medians of ${rounds} rounds in turns, each way in a process of its own, and of each`,
    'round beside the one of protobufjs next to it. Absolute figures depend on the machine and on what else it does.',
    '',
    '| what | k spans/s | beside protobufjs |',
    '|---|---|---|',
    ...ways.map(
      ({ what }, i) =>
        `| ${what} | ${((spans / median(times[i])) * 1000).toFixed(0)} | ${median(times[i].map((micros, round) => peer[round] / micros)).toFixed(2)} × |`
    )
  ]
}
