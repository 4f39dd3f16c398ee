// What a faulty collector costs a program: memory and the latency of its own requests, beside the same program with a
// healthy one, in interleaved rounds.
import { spawn } from 'node:child_process'
import { Agent, createServer, get } from 'node:http'
import { createServer as createTcpServer } from 'node:net'
import { fileURLToPath } from 'node:url'
import { median } from './data/statistics.mjs'

const register = new URL('../dist/instrumentation/register.js', import.meta.url).href
const program = fileURLToPath(new URL('programs/talking-server.mjs', import.meta.url))
const agent = new Agent({ keepAlive: true, maxSockets: 1 })

/** Each listens on a port and gives it. */
const collectors = {
  healthy: () => createServer((request, response) => request.resume().on('end', () => response.end())),
  hangs: () => createServer(request => request.resume()),
  'refuses (429)': () =>
    createServer((request, response) =>
      request.resume().on('end', () => response.writeHead(429, { 'retry-after': '86400' }).end())
    ),
  'talks garbage': () => createTcpServer(socket => socket.on('error', () => {}).end('garbage\0'.repeat(500))),
  'answers with 4 GB': () =>
    createServer((request, response) => {
      request.resume()
      response.writeHead(503, { 'content-length': 2 ** 32 })
      const chunk = Buffer.alloc(65_536)
      const pump = () => {
        while (!response.destroyed && response.write(chunk));
      }
      response.on('drain', pump).on('error', () => {})
      pump()
    })
}

export async function measure([requests = '6000', rounds = '3']) {
  const results = new Map(Object.keys(collectors).map(name => [name, []]))
  for (let round = 0; round < Number(rounds); round++) {
    for (const name of results.keys()) results.get(name).push(await measureOne(name, Number(requests)))
  }
  const healthy = results.get('healthy')
  const rows = [...results].map(([name, found]) => {
    const cells = ['p50', 'p99', 'rss'].flatMap(key => {
      const value = median(found.map(one => one[key]))
      const more = median(found.map((one, round) => one[key] - healthy[round][key]))
      return [value.toFixed(2), `${more >= 0 ? '+' : ''}${more.toFixed(2)}`]
    })
    return `| ${name} | ${cells.join(' | ')} |`
  })
  return `## What a faulty collector costs

${requests} requests one after the other to a recorded server that prints 4 kB for each; medians of ${rounds} interleaved rounds, and of the
differences to the healthy collector of the same round. Node ${process.versions.node}.

| collector | p50 ms | | p99 ms | | RSS MiB | |
| --- | --- | --- | --- | --- | --- | --- |
${rows.join('\n')}
`
}

async function measureOne(name, requests) {
  const collector = collectors[name]()
  await new Promise(go => collector.listen(0, '127.0.0.1', go))
  const child = spawn(process.execPath, ['--import', register, program], {
    env: {
      ...process.env,
      MICROLOG_OTLP_URL: `http://127.0.0.1:${collector.address().port}`,
      OTEL_SDK_DISABLED: 'true'
    },
    stdio: ['ignore', 'ignore', 'pipe']
  })
  try {
    const port = await new Promise(go => {
      let text = ''
      child.stderr.on('data', chunk => {
        const found = /port (\d+)/.exec((text += chunk))
        if (found) go(Number(found[1]))
      })
    })
    const times = []
    for (let i = 0; i < requests; i++) {
      const from = performance.now()
      await ask(port, '/')
      times.push(performance.now() - from)
    }
    times.sort((a, b) => a - b)
    const rss = Number(await ask(port, '/memory')) / 2 ** 20
    return { p50: times[times.length >> 1], p99: times[Math.floor(times.length * 0.99)], rss }
  } finally {
    child.kill('SIGKILL')
    collector.closeAllConnections?.()
    collector.close()
  }
}

function ask(port, path) {
  return new Promise((resolve, reject) => {
    get({ host: '127.0.0.1', port, path, agent }, response => {
      let text = ''
      response.on('data', chunk => (text += chunk)).on('end', () => resolve(text))
    }).on('error', reject)
  })
}
