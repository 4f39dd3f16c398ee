// What recording keeps in memory: the resident memory of a recorded and of an unrecorded server over very many requests,
// and the heap over very many rotations of the sampler.
//   --requests 1000000   --rotations 10000
import { execFile, fork } from 'node:child_process'
import { request, Agent } from 'node:http'
import { fileURLToPath } from 'node:url'
import { parseArgs, promisify } from 'node:util'
import { startDiscardServer } from './data/discard-server.mjs'

const server = fileURLToPath(new URL('programs/overhead-work.mjs', import.meta.url))
const rotator = fileURLToPath(new URL('../test/instrumentation/programs/rotations.mjs', import.meta.url))
const connections = 16
const readings = 20

export async function measure(args) {
  const { values } = parseArgs({
    args,
    options: {
      requests: { type: 'string', default: '1000000' },
      rotations: { type: 'string', default: '10000' }
    }
  })
  const discard = await startDiscardServer()
  const requests = Number(values.requests)
  const [plain, recorded] = await Promise.all(
    ['tracing', 'linked'].map(mode => curve(mode, discard.url, requests))
  )
  discard.close()
  const rotations = []
  for (const backend of ['v8-profiler-next', 'inspector']) {
    const { stdout } = await promisify(execFile)(process.execPath, [
      '--expose-gc',
      rotator,
      backend,
      values.rotations
    ])
    rotations.push(JSON.parse(stdout))
  }
  return report({ requests, plain, recorded, rotations, count: Number(values.rotations) })
}

/** Resident memory in MiB, at the start and after each twentieth of the requests. */
async function curve(mode, otlpUrl, requests) {
  const child = fork(server, [mode, otlpUrl, '1', '20000', ''], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc']
  })
  const answer = () => new Promise(resolve => child.once('message', resolve))
  const { port } = await answer()
  const rss = async () => {
    const answered = answer()
    child.send({ task: 'memory' })
    return (await answered).rss / 2 ** 20
  }
  const agent = new Agent({ keepAlive: true, maxSockets: connections })
  const points = [await rss()]
  for (let i = 0; i < readings; i++) {
    await load(port, agent, Math.round(requests / readings))
    points.push(await rss())
  }
  agent.destroy()
  const ended = new Promise(resolve => child.once('exit', resolve))
  child.disconnect()
  await ended
  return points
}

async function load(port, agent, requests) {
  let left = requests
  const client = async () => {
    while (left-- > 0) {
      await new Promise((resolve, reject) => {
        request({ port, host: '127.0.0.1', path: '/empty', agent }, response =>
          response.resume().on('end', resolve)
        )
          .on('error', reject)
          .end()
      })
    }
  }
  await Promise.all(Array.from({ length: connections }, client))
}

function report({ requests, plain, recorded, rotations, count }) {
  const quarter = (points, from) => {
    const some = points.slice(from, from + readings / 4)
    return some.reduce((sum, value) => sum + value, 0) / some.length
  }
  const third = 1 + readings / 2
  const last = 1 + (3 * readings) / 4
  const row = (name, points) =>
    `| ${name} | ${points[0].toFixed(0)} | ${quarter(points, third).toFixed(0)} | ${quarter(points, last).toFixed(0)} | ${Math.max(...points).toFixed(0)} |`
  return [
    `## Memory (Node ${process.versions.node})`,
    '',
    `\`npm run benchmark memory\`: resident MiB of a server over ${requests} requests with two spans each, sampled every 20 ms, the sender's worker included; means of the third and of the last quarter.`,
    '',
    '| | at the start | third quarter | last quarter | most |',
    '|---|---|---|---|---|',
    row('tracing only', plain),
    row('Microlog, linking', recorded),
    `| **more with Microlog** | ${(recorded[0] - plain[0]).toFixed(0)} | ${(quarter(recorded, third) - quarter(plain, third)).toFixed(0)} | **${(quarter(recorded, last) - quarter(plain, last)).toFixed(0)}** | ${(Math.max(...recorded) - Math.max(...plain)).toFixed(0)} |`,
    '',
    `| ${count} rotations | KB of live heap at the half | at the end | resident MiB at the half | at the end |`,
    '|---|---|---|---|---|',
    ...rotations.map(
      ({ backend, heap, rss }) =>
        `| ${backend} | ${(heap[4] / 1000).toFixed(0)} | ${(heap[9] / 1000).toFixed(0)} | ${(rss[0] / 2 ** 20).toFixed(1)} | ${(rss[1] / 2 ** 20).toFixed(1)} |`
    )
  ].join('\n')
}
