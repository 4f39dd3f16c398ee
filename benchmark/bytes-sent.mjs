// What a busy minute sends: a recorded server under a steady load, every byte by signal as it arrives, and beside it
// @datadog/pprof's profile of another such server in the same minute; in a second one the same where requests log.
//   --seconds 60   --rate 200 requests a second of 2 ms   --interval 10 ms between two samples
import { fork } from 'node:child_process'
import { createServer, request, Agent } from 'node:http'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { gunzipSync } from 'node:zlib'
import { installPeers } from './data/install-peers.mjs'
import { roundsPerUs } from './programs/burn.mjs'

const program = fileURLToPath(new URL('programs/overhead-work.mjs', import.meta.url))

export async function measure(args) {
  const { values } = parseArgs({
    args,
    options: {
      seconds: { type: 'string', default: '60' },
      rate: { type: 'string', default: '200' },
      interval: { type: 'string', default: '10' }
    }
  })
  const [seconds, rate, intervalMs] = [values.seconds, values.rate, values.interval].map(Number)
  const peers = await installPeers()
  const speed = roundsPerUs()
  /** More than two servers at once would wait for each other. */
  const besides = async (path, withTimes) => {
    const received = await startReceiver()
    const start = (mode, url) => startServer([mode, url, String(speed), String(intervalMs * 1000), peers])
    const [ours, theirs] = await Promise.all([start('linked', received.url), start('datadog-kept', '')])
    const loadBoth = seconds => Promise.all([ours, theirs].map(({ port }) => load(port, path, rate, seconds)))
    try {
      await loadBoth(3)
      received.clear()
      await theirs.ask({ task: 'take' })
      const [requests] = await loadBoth(seconds)
      return { requests, signals: received.signals, peer: await theirs.ask({ task: 'take', withTimes }) }
    } finally {
      await Promise.all([ours, theirs].map(server => server.end()))
      received.close()
    }
  }
  return report({
    quiet: await besides('/quiet', true),
    talking: await besides('/long', false),
    seconds,
    intervalMs
  })
}

async function startReceiver() {
  const signals = {}
  const server = createServer((incoming, response) => {
    const chunks = []
    incoming.on('data', chunk => chunks.push(chunk))
    incoming.on('end', () => {
      const body = Buffer.concat(chunks)
      const signal = (signals[incoming.url.split('/').at(-1)] ??= { requests: 0, bytes: 0, plain: 0 })
      signal.requests++
      signal.bytes += body.length
      if (incoming.headers['content-encoding'] === 'gzip') signal.plain += gunzipSync(body).length
      response.end()
    })
  })
  await new Promise(ready => server.listen(0, '127.0.0.1', ready))
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    signals,
    clear() {
      for (const name of Object.keys(signals)) delete signals[name]
    },
    close() {
      server.close()
      server.closeAllConnections()
    }
  }
}

async function startServer(args) {
  const child = fork(program, args, { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] })
  const answer = () => new Promise(resolve => child.once('message', resolve))
  const { port } = await answer()
  return {
    port,
    ask(message) {
      const answered = answer()
      child.send(message)
      return answered
    },
    end() {
      child.disconnect()
      return new Promise(resolve => child.once('exit', resolve))
    }
  }
}

/** A steady stream of requests: late ones are sent at once. How many were answered. */
async function load(port, path, rate, seconds) {
  const agent = new Agent({ keepAlive: true, maxSockets: 32 })
  const began = performance.now()
  const total = rate * seconds
  const answers = []
  for (let sent = 0; sent < total;) {
    const due = Math.min(total, Math.floor(((performance.now() - began) / 1000) * rate))
    for (; sent < due; sent++) answers.push(get(port, path, agent))
    await new Promise(go => setTimeout(go, 5))
  }
  await Promise.all(answers)
  agent.destroy()
  return answers.length
}

function get(port, path, agent) {
  return new Promise((resolve, reject) => {
    request({ port, host: '127.0.0.1', path, agent }, response => response.resume().on('end', resolve))
      .on('error', reject)
      .end()
  })
}

function report({ quiet, talking, seconds, intervalMs }) {
  const kb = bytes => (bytes / 1000).toFixed(1)
  const rows = (name, signals) =>
    Object.entries(signals)
      .sort()
      .map(
        ([signal, { requests, bytes, plain }]) =>
          `| ${name}, ${signal} | ${requests} | ${kb(plain)} | **${kb(bytes)}** |`
      )
  return [
    `## Bytes sent in ${seconds} s (Node ${process.versions.node})`,
    '',
    `\`npm run benchmark bytes-sent\`: ${quiet.requests} requests of a handler that takes 2 ms of CPU and awaits four times, sampled every ${intervalMs} ms; every span has an id of its own, 24 random bytes a link. KB as sent.`,
    '',
    '| | requests | KB plain | **KB sent** |',
    '|---|---|---|---|',
    ...rows('Microlog', quiet.signals),
    `| @datadog/pprof with trace id, span id and times of ${quiet.peer.samples} samples | 1 | | **${kb(quiet.peer.bytes)}** |`,
    ...rows('Microlog, two log calls a request', talking.signals),
    `| @datadog/pprof of it, without times | 1 | | **${kb(talking.peer.bytes)}** |`
  ].join('\n')
}
