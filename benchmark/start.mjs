// What recording costs programs that are short: from start to end, for each worker thread, and when they are told to end.
//   --rounds 11
import { execFile, fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { parseArgs, promisify } from 'node:util'
import { cachedInstall } from '../scripts/cached-install.mjs'
import { startDiscardServer } from './data/discard-server.mjs'
import { installPeers } from './data/install-peers.mjs'
import { median } from './data/statistics.mjs'

const program = fileURLToPath(new URL('programs/short-work.mjs', import.meta.url))
const register = new URL('../dist/instrumentation/register.js', import.meta.url).href
const threads = 10

export async function measure(args) {
  const { values } = parseArgs({ args, options: { rounds: { type: 'string', default: '11' } } })
  const discard = await startDiscardServer()
  const folder = await mkdtemp(join(tmpdir(), 'microlog-benchmark-'))
  try {
    const ways = await waysTo(discard.url, folder)
    const rounds = []
    for (let round = 0; round < Number(values.rounds); round++) {
      const results = []
      for (const way of ways) results.push(await runAll(way))
      rounds.push(results)
    }
    return table(ways, rounds)
  } finally {
    discard.close()
    await rm(folder, { recursive: true, force: true })
  }
}

async function waysTo(url, folder) {
  const peers = await installPeers()
  const datadog = await cachedInstall({ 'dd-trace': '^5' })
  const ours = { MICROLOG_OTLP_URL: url, MICROLOG_LABEL: 'start' }
  return [
    { name: 'nothing' },
    {
      name: '**Microlog, without traces**',
      args: ['--import', register],
      env: { ...ours, OTEL_SDK_DISABLED: 'true' }
    },
    { name: '**Microlog, with the OpenTelemetry SDK**', args: ['--import', register], env: ours },
    {
      name: 'dd-trace, its profiler on',
      args: ['--require', join(datadog, 'node_modules/dd-trace/init.js')],
      env: {
        DD_PROFILING_ENABLED: 'true',
        DD_TRACE_AGENT_URL: url,
        DD_TRACE_STARTUP_LOGS: 'false',
        DD_INSTRUMENTATION_TELEMETRY_ENABLED: 'false',
        DD_REMOTE_CONFIGURATION_ENABLED: 'false'
      }
    },
    { name: '@pyroscope/nodejs', peer: ['pyroscope', peers, url] },
    { name: '--cpu-prof', args: ['--cpu-prof', `--cpu-prof-dir=${folder}`] }
  ]
}

async function runAll(way) {
  const line = await cpuOf(way, 'line', 0)
  const many = await cpuOf(way, 'threads', threads)
  const none = await cpuOf(way, 'threads', 0)
  return { ...line, threadMs: (many.cpuMs - none.cpuMs) / threads, endMs: await timeToEnd(way) }
}

/** The shell tells what its children took. */
async function cpuOf({ args = [], env = {}, peer = [] }, work, count) {
  const began = performance.now()
  const { stdout } = await promisify(execFile)(
    'sh',
    [
      '-c',
      '"$@" > /dev/null 2>&1; times',
      'sh',
      process.execPath,
      ...args,
      program,
      work,
      count,
      ...peer
    ].map(String),
    { env: { ...process.env, ...env } }
  )
  const wallMs = performance.now() - began
  const [user, system] = stdout
    .trim()
    .split('\n')[1]
    .split(' ')
    .map(time => /(\d+)m([\d.]+)s/.exec(time))
    .map(([, minutes, seconds]) => Number(minutes) * 60_000 + Number(seconds) * 1000)
  return { cpuMs: user + system, wallMs }
}

/** From SIGTERM on. */
async function timeToEnd({ args = [], env = {}, peer = [] }) {
  const child = fork(program, ['wait', '0', ...peer], {
    execArgv: args,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'ignore', 'ignore', 'ipc']
  })
  await once(child, 'message')
  await sleep(200)
  const began = performance.now()
  child.kill('SIGTERM')
  await once(child, 'exit')
  return performance.now() - began
}

function table(ways, rounds) {
  const [plain] = medians(rounds, 0)
  return [
    `## Short programs (Node ${process.versions.node})`,
    '',
    `\`npm run benchmark start\`: ms of CPU, all threads, that a program takes which prints a line; ms on the clock; ms of CPU of each worker thread that does nothing; ms from SIGTERM to the end. Medians of ${rounds.length} rounds in turns.`,
    '',
    '| recorded by | CPU | **more** | on the clock | a thread | end |',
    '|---|---|---|---|---|---|',
    ...ways.map(({ name }, way) => {
      const [cpu, wall, thread, end] = medians(rounds, way)
      return `| ${name} | ${cpu.toFixed(0)} | **${(cpu - plain).toFixed(0)}** | ${wall.toFixed(0)} | ${thread.toFixed(0)} | ${end.toFixed(0)} |`
    })
  ].join('\n')
}

function medians(rounds, way) {
  return ['cpuMs', 'wallMs', 'threadMs', 'endMs'].map(key => median(rounds.map(results => results[way][key])))
}
