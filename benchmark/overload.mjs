// What a collector does when far more comes than it can take: connections that never finish their request, then spans from
// many senders as fast as they can. It runs in a process of its own; nothing that it acknowledged may be missing afterwards.
//   --seconds 60   --senders 40
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { Agent, get } from 'node:http'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { startCollector } from './data/collector-process.mjs'
import { otlpRequests } from './data/otlp-recording.mjs'
import { idsOf, postSpans, withFreshIds } from './data/fresh-spans.mjs'
import { percentile } from './data/statistics.mjs'

const shop = new URL('../test/fixtures/otlp/shop/spans-5k.lp.bin', import.meta.url)
const halfOpen = 10_000
/** Fewer than an address may have. */
const perAddress = 900

export async function measure(args) {
  const { values } = parseArgs({
    args,
    options: { seconds: { type: 'string', default: '60' }, senders: { type: 'string', default: '40' } }
  })
  const [template] = otlpRequests(await readFile(shop))
  const body = { template, ids: idsOf(template) }
  const store = await mkdtemp(join(tmpdir(), 'microlog-overload-'))
  const collector = await startCollector(store, 30_000)
  try {
    const open = await holdHalfOpen(collector)
    const flood = await overload(collector, body, Number(values.senders), Number(values.seconds))
    await collector.end()
    return report(open, flood, await storedSpans(store))
  } finally {
    await collector.end()
    await rm(store, { recursive: true, force: true })
  }
}

/** Connections from many addresses that send half a request, and good requests beside them. */
async function holdHalfOpen({ url, rssMb }) {
  const before = await rssMb()
  const closed = []
  const sockets = []
  const began = performance.now()
  for (let i = 0; i < halfOpen; i++) {
    const localAddress = `127.0.0.${2 + Math.floor(i / perAddress)}`
    const socket = connect({ host: '127.0.0.1', port: url.port, localAddress })
    socket.on('connect', () => socket.write('POST /v1/traces HTTP/1.1\r\nhost: 127.0.0.1\r\n'))
    socket.on('error', () => {}).once('close', () => closed.push(performance.now()))
    sockets.push(socket.resume())
    // Not all at once: this process has to measure meanwhile.
    if (i % 100 === 99) await sleep(10)
  }
  let most = 0
  const latencies = []
  while (closed.length < halfOpen && performance.now() - began < 30_000) {
    const asked = performance.now()
    await new Promise((resolve, reject) => {
      get(new URL('/healthz', url), answer => answer.resume().on('end', resolve)).on('error', reject)
    })
    latencies.push(performance.now() - asked)
    most = Math.max(most, await rssMb())
    await sleep(50)
  }
  for (const socket of sockets) socket.destroy()
  return {
    closed: closed.length,
    seconds: (Math.max(...closed) - began) / 1000,
    worstMs: Math.max(...latencies),
    more: most - before
  }
}

async function overload({ url, rssMb }, body, senders, seconds) {
  const agent = new Agent({ keepAlive: true, maxSockets: senders })
  const statuses = {}
  const latencies = []
  let acknowledged = 0
  const until = performance.now() + seconds * 1000
  const send = async () => {
    while (performance.now() < until) {
      const asked = performance.now()
      const status = await postSpans(agent, url, withFreshIds(body)).catch(() => 'cut off')
      statuses[status] = (statuses[status] ?? 0) + 1
      if (status === 200) {
        acknowledged += body.ids.spans.length
        latencies.push(performance.now() - asked)
      } else await sleep(20)
    }
  }
  let most = 0
  const watching = setInterval(async () => (most = Math.max(most, await rssMb().catch(() => 0))), 500)
  await Promise.all(Array.from({ length: senders }, send))
  clearInterval(watching)
  agent.destroy()
  return { statuses, acknowledged, rate: acknowledged / seconds, most, p99: percentile(latencies, 0.99) }
}

async function storedSpans(store) {
  const { openStore } = await import('../dist/collector/open-store.js')
  const { library } = await openStore(store)
  return (await library.open()).reduce((sum, { file }) => sum + file.footer.counts.spans, 0)
}

function report(open, flood, stored) {
  const answers = Object.entries(flood.statuses)
    .map(([status, count]) => `${count} × ${status}`)
    .join(', ')
  return [
    `## More than a collector can take (Node ${process.versions.node})`,
    '',
    '`npm run benchmark overload`: a collector in a process of its own.',
    '',
    `- ${halfOpen} half-open connections: ${open.closed} closed within ${open.seconds.toFixed(1)} s; the slowest good request meanwhile took ${open.worstMs.toFixed(0)} ms; resident memory +${open.more.toFixed(0)} MB.`,
    `- Spans from many senders at once, as fast as they can: ${(flood.rate / 1000).toFixed(0)} k spans/s acknowledged, answers ${answers}; 99 % of the good ones within ${flood.p99.toFixed(0)} ms; resident memory at most ${flood.most.toFixed(0)} MB.`,
    `- Acknowledged and not stored: ${Math.max(0, flood.acknowledged - stored)}; stored twice: ${Math.max(0, stored - flood.acknowledged)}.`
  ].join('\n')
}
