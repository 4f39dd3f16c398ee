// What recording costs a program: CPU time of the same work under each way of recording, in turns, so that what else the
// machine does falls on all alike. Programs stand still (SIGSTOP) while it isn't their turn. Needs a quiet machine: below
// ten pairs, or where "again" differs by more than a percent, the figures say nothing.
import { fork } from 'node:child_process'
import { rm, mkdtemp } from 'node:fs/promises'
import { Agent, createServer, request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { roundsPerUs } from './programs/burn.mjs'

const program = fileURLToPath(new URL('programs/overhead-work.mjs', import.meta.url))
const sampleIntervalUs = 20_000
const folder = await mkdtemp(join(tmpdir(), 'microlog-overhead-'))

const ways = [
  { name: 'nothing', mode: 'nothing' },
  { name: 'tracing only', mode: 'tracing', against: 'nothing' },
  { name: 'tracing only, again', mode: 'tracing', against: 'tracing only' },
  { name: 'Microlog, not linking', mode: 'unlinked', against: 'tracing only' },
  { name: 'Microlog, linking', mode: 'linked', against: 'tracing only' },
  {
    name: '--cpu-prof (20 ms)',
    mode: 'tracing',
    against: 'tracing only',
    execArgv: ['--cpu-prof', '--cpu-prof-dir', folder, '--cpu-prof-interval', String(sampleIntervalUs)]
  }
]

const works = [
  { name: 'CPU-bound', run: child => child.ask({ task: 'burn', us: 600_000 }) },
  { name: '200 µs handler', run: child => load(child, '/short', 1500) },
  { name: '2 ms handler', run: child => load(child, '/long', 300) }
]

const calls = [
  { task: 'logs', name: 'console.log, recorded with its stack' },
  { task: 'spans', name: 'start of a span' }
]
const callsPerBatch = 100
const batches = 60

export async function measure(options) {
  const seconds = Number(options[options.indexOf('--seconds') + 1]) || 200
  const began = performance.now()
  const discard = createServer((incoming, response) => incoming.resume().on('end', () => response.end()))
  // Programs that stand still keep their connections.
  discard.keepAliveTimeout = 0
  await new Promise(ready => discard.listen(0, '127.0.0.1', ready))
  const otlpUrl = `http://127.0.0.1:${discard.address().port}`
  const speed = roundsPerUs()
  const children = []
  try {
    for (const way of ways) children.push(await startProgram(way, otlpUrl, speed))
    const costs = await measureCalls(
      children.find(({ way }) => way.name === 'tracing only'),
      children.find(({ way }) => way.name === 'Microlog, linking')
    )
    return report(await takeTurns(children, seconds - (performance.now() - began) / 1000), costs)
  } finally {
    await Promise.all(children.map(child => child.end()))
    discard.close()
    discard.closeAllConnections()
    await rm(folder, { recursive: true, force: true, maxRetries: 5 })
  }
}

async function startProgram(way, otlpUrl, speed) {
  const child = fork(program, [way.mode, otlpUrl, String(speed)], {
    execArgv: way.execArgv ?? [],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc']
  })
  const answer = () => new Promise(resolve => child.once('message', resolve))
  const { port } = await answer()
  child.kill('SIGSTOP')
  return {
    way,
    port,
    ask(message) {
      const answered = answer()
      child.send(message)
      return answered
    },
    turn: on => child.kill(on ? 'SIGCONT' : 'SIGSTOP'),
    end() {
      child.kill('SIGCONT')
      child.disconnect()
      return new Promise(resolve => child.once('exit', resolve))
    }
  }
}

/** Rounds of all works in all programs; the first only warms up. The order turns around each time. */
async function takeTurns(children, seconds) {
  const rounds = []
  const until = performance.now() + seconds * 1000
  let longestMs = 0
  for (let round = 0; performance.now() + longestMs < until || round < 3; round++) {
    const began = performance.now()
    const results = {}
    for (const child of round % 2 === 0 ? children : children.toReversed()) {
      child.turn(true)
      for (const work of works) (results[work.name] ??= {})[child.way.name] = await work.run(child)
      child.turn(false)
    }
    if (round > 0) rounds.push(results)
    longestMs = Math.max(longestMs, performance.now() - began)
  }
  return rounds
}

/** µs that a call costs more in one program than in the other; small batches, so that no rotation runs out of stacks. */
async function measureCalls(plain, recorded) {
  const costs = calls.map(() => [])
  for (let batch = 0; batch < batches; batch++) {
    const used = []
    for (const child of [plain, recorded]) {
      child.turn(true)
      for (const { task } of calls) used.push((await child.ask({ task, calls: callsPerBatch })).process)
      await child.ask({ task: 'rest', ms: 100 })
      child.turn(false)
    }
    // The first batches compile.
    if (batch < batches / 3) continue
    costs.forEach((list, i) => list.push((used[i + calls.length] - used[i]) / callsPerBatch))
  }
  return costs.map(median)
}

function median(values) {
  const sorted = values.filter(Number.isFinite).sort((a, b) => a - b)
  if (sorted.length === 0) return NaN
  return (sorted[(sorted.length - 1) >> 1] + sorted[sorted.length >> 1]) / 2
}

async function load(child, path, requests) {
  const agent = new Agent({ keepAlive: true, maxSockets: 8 })
  const get = () =>
    new Promise((resolve, reject) => {
      const sent = request({ port: child.port, host: '127.0.0.1', path, agent }, response => {
        response.resume().on('end', resolve)
      })
      sent.on('error', reject).end()
    })
  await child.ask({ task: 'begin' })
  let left = requests
  const client = async () => {
    while (left-- > 0) await get()
  }
  await Promise.all(Array.from({ length: 8 }, client))
  const used = await child.ask({ task: 'end' })
  agent.destroy()
  return used
}

function report(rounds, costs) {
  const percent = (work, { name, against }, of) => {
    const ratios = rounds.map(round => round[work][name][of] / round[work][against][of] - 1)
    const value = 100 * median(ratios)
    return Number.isNaN(value) ? '–' : `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(1)} %`
  }
  const cell = (work, way) => `${percent(work, way, 'main')} (${percent(work, way, 'process')})`
  return [
    `## Cost of recording (Node ${process.versions.node})`,
    '',
    `\`npm run benchmark overhead\`: CPU time of the main thread (of the whole process), medians of ${rounds.length} interleaved pairs. Samples every ${sampleIntervalUs / 1000} ms, the default. "Again" is the same program a second time: what differs there is noise. Each turn, some 2 s of work, brings a rotation with it.`,
    '',
    `| | against | ${works.map(({ name }) => name).join(' | ')} |`,
    `|---|---|${works.map(() => '---|').join('')}`,
    ...ways
      .filter(({ against }) => against !== undefined)
      .map(
        way => `| ${way.name} | ${way.against} | ${works.map(({ name }) => cell(name, way)).join(' | ')} |`
      ),
    '',
    '| one call at 30 frames | µs of CPU more than without Microlog |',
    '|---|---|',
    ...calls.map(({ name }, i) => `| ${name} | ${costs[i].toFixed(1)} |`)
  ].join('\n')
}
