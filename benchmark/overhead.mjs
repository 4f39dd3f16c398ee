// What recording costs a program: CPU time of the same work under each way of recording, in short turns, so that what else
// the machine does falls on all alike. V8 doesn't compile a program the same way twice, which makes some percent of short
// work: each way is measured in several blocks, each with processes of its own. Where "again" differs by more than a percent,
// the figures say nothing.
//   --minutes 24      how long it takes, all Nodes together
//   --blocks 4        how often all programs are started anew
//   --nodes 20,24     which Nodes
//   --ways linked,datadog   only these, beside tracing
//   --interval 20     ms between two samples
import { fork } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { Agent, request } from 'node:http'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { cachedInstall, nodeOfLine } from '../scripts/cached-install.mjs'
import { startDiscardServer } from './data/discard-server.mjs'
import { installPeers } from './data/install-peers.mjs'
import { mean, midmean, percentile } from './data/statistics.mjs'
import { roundsPerUs } from './programs/burn.mjs'

const program = fileURLToPath(new URL('programs/overhead-work.mjs', import.meta.url))
const useV8Profiler = fileURLToPath(new URL('programs/use-v8-profiler.cjs', import.meta.url))

const ways = [
  { name: 'nothing', mode: 'nothing' },
  { name: 'tracing only', mode: 'tracing', against: 'nothing' },
  { name: 'tracing only, again', mode: 'tracing', against: 'tracing only' },
  { name: 'Microlog, not linking', mode: 'unlinked', against: 'tracing only' },
  { name: '**Microlog, linking**', mode: 'linked', against: 'tracing only' },
  { name: '@datadog/pprof with contexts', mode: 'datadog', against: 'tracing only' },
  { name: '@pyroscope/nodejs, not linking', mode: 'pyroscope', against: 'tracing only' },
  { name: '--cpu-prof, not linking', mode: 'cpu-prof', against: 'tracing only' }
]

const works = [
  { name: 'CPU-bound', run: child => child.ask({ task: 'burn', us: 300_000 }) },
  { name: '200 µs handler', run: child => load(child, '/short', 1000) },
  { name: '2 ms handler', run: child => load(child, '/long', 120) }
]

const idleMs = 10_000
/** Until V8 has compiled what is hot. */
const warmUpTurns = 8

export async function measure(args) {
  const { values } = parseArgs({
    args,
    options: {
      minutes: { type: 'string', default: '24' },
      blocks: { type: 'string', default: '4' },
      nodes: { type: 'string', default: '20,24' },
      ways: { type: 'string' },
      interval: { type: 'string', default: '20' }
    }
  })
  const lines = values.nodes.split(',').map(Number)
  const modes = values.ways?.split(',')
  const chosen = ways.filter(({ mode }) => modes === undefined || mode === 'tracing' || modes.includes(mode))
  const sections = []
  for (const line of lines) {
    const settings = {
      line,
      ways: chosen,
      intervalUs: Number(values.interval) * 1000,
      blocks: Number(values.blocks),
      minutes: Number(values.minutes) / lines.length
    }
    sections.push(await measureNode(settings))
  }
  return sections.join('\n\n')
}

async function measureNode({ line, ways, intervalUs, blocks, minutes }) {
  const folder = await mkdtemp(join(tmpdir(), 'microlog-overhead-'))
  const discard = await startDiscardServer()
  const settings = {
    node: await nodeOfLine(line),
    peers: await installPeers(),
    v8Profiler: await v8ProfilerFor(line),
    otlpUrl: discard.url,
    roundsPerUs: roundsPerUs(),
    intervalUs,
    folder
  }
  const measured = []
  try {
    for (let block = 0; block < blocks; block++) {
      measured.push(await measureBlock(ways, settings, performance.now() + (minutes * 60_000) / blocks))
    }
    return report({ line, ways, blocks: measured, intervalUs })
  } finally {
    discard.close()
    await rm(folder, { recursive: true, force: true, maxRetries: 5 })
  }
}

async function measureBlock(ways, settings, untilMs) {
  const children = []
  try {
    for (const way of ways) children.push(await startProgram(way, settings))
    const rounds = await takeTurns(children, untilMs - idleMs)
    return { rounds, idle: await measureIdle(children) }
  } finally {
    await Promise.all(children.map(child => child.end()))
  }
}

/** The folder of a v8-profiler-next for another Node than ours, compiled with that Node's own headers. */
async function v8ProfilerFor(line) {
  const node = await nodeOfLine(line)
  if (node === process.execPath) return ''
  process.env.npm_config_nodedir = dirname(dirname(node))
  return cachedInstall(
    { [`node-${process.platform}-${process.arch}`]: String(line), 'v8-profiler-next': '1.10' },
    { scripts: true }
  )
}

async function startProgram(way, { node, peers, v8Profiler, otlpUrl, roundsPerUs, intervalUs, folder }) {
  const recordedByNode = ['--cpu-prof', '--cpu-prof-dir', folder, '--cpu-prof-interval', String(intervalUs)]
  const child = fork(program, [way.mode, otlpUrl, String(roundsPerUs), String(intervalUs), peers], {
    execPath: node,
    execArgv: ['-r', useV8Profiler, ...(way.mode === 'cpu-prof' ? recordedByNode : [])],
    env: { ...process.env, MICROLOG_V8_PROFILER: v8Profiler },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc']
  })
  const ended = new Promise(resolve => child.once('exit', () => resolve(undefined)))
  // Of a program that ended there is none.
  const answer = () =>
    Promise.race([new Promise(resolve => child.once('message', resolve)), ended]).then(message => {
      if (message === undefined) throw new Error(`expected ${way.name} to answer, it ended`)
      return message
    })
  const { port } = await answer()
  return {
    way,
    port,
    ask(message) {
      const answered = answer()
      child.send(message)
      return answered
    },
    end() {
      child.disconnect()
      return ended
    }
  }
}

/**
 * Rounds of all works in all programs, which rest where it isn't their turn: what a recorder does each few seconds comes as
 * often as in life. The order turns around each time: A B B A.
 */
async function takeTurns(children, untilMs) {
  for (const work of works) {
    for (const child of children) for (let turn = 0; turn < warmUpTurns; turn++) await work.run(child)
  }
  const rounds = []
  let longestMs = 0
  for (let round = 0; performance.now() + longestMs < untilMs || round < 3; round++) {
    const began = performance.now()
    const results = {}
    for (const work of works) {
      for (const child of round % 2 === 0 ? children : children.toReversed()) {
        const of = (results[work.name] ??= {})
        // Two of the same way are told apart by their names.
        of[child.way.name] = await work.run(child)
      }
    }
    rounds.push(results)
    longestMs = Math.max(longestMs, performance.now() - began)
  }
  return rounds
}

/** All at once, as they do nothing: share of a core by name. */
async function measureIdle(children) {
  const used = await Promise.all(children.map(child => child.ask({ task: 'rest', ms: idleMs })))
  return Object.fromEntries(
    children.map(({ way }, i) => [
      way.name,
      { main: used[i].main / used[i].wall, process: used[i].process / used[i].wall }
    ])
  )
}

async function load(child, path, requests) {
  const agent = new Agent({ keepAlive: true, maxSockets: 8 })
  const latencies = []
  const get = () =>
    new Promise((resolve, reject) => {
      const sentMs = performance.now()
      const sent = request({ port: child.port, host: '127.0.0.1', path, agent }, response => {
        response.resume().on('end', () => {
          latencies.push(performance.now() - sentMs)
          resolve()
        })
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
  return { ...used, latencies }
}

function report({ line, ways, blocks, intervalUs }) {
  const inBlocks = compare => mean(blocks.map(compare))
  const percent = (work, { name, against }, of) =>
    signed(
      100 *
        inBlocks(({ rounds }) =>
          midmean(rounds.map(({ [work]: used }) => used[name][of] / used[against][of] - 1))
        ),
      1
    )
  const cell = (work, way) => ['main', 'process', 'wall'].map(of => percent(work, way, of)).join(' / ')
  const p99 = (rounds, work, name) =>
    percentile(
      rounds.flatMap(({ [work]: used }) => used[name].latencies),
      0.99
    )
  const later = ({ name, against }) =>
    works
      .slice(1)
      .map(({ name: work }) =>
        signed(
          inBlocks(({ rounds }) => p99(rounds, work, name) - p99(rounds, work, against)),
          2
        )
      )
      .join(' / ')
  const share = ({ name, against }) =>
    ['main', 'process']
      .map(of => signed(100 * inBlocks(({ idle }) => idle[name][of] - idle[against][of]), 2))
      .join(' / ')
  const turns = blocks.reduce((sum, { rounds }) => sum + rounds.length, 0)
  return [
    `## Cost of recording (Node ${line})`,
    '',
    `\`npm run benchmark overhead\`: % of CPU time of the main thread / of the whole process / of time on the clock, more than what stands under "against": means of the middle half of ${turns} pairs of turns of a third of a second, in ${blocks.length} blocks with processes of their own; samples every ${intervalUs / 1000} ms. "Again" is the same program in another process: what differs there is noise. p99: ms that the slowest of a hundred requests takes longer, 200 µs / 2 ms handler. Idle: % of a core, main thread / process.`,
    '',
    `| | against | ${works.map(({ name }) => name).join(' | ')} | p99 | idle |`,
    `|---|---|${works.map(() => '---|').join('')}---|---|`,
    ...ways
      .filter(({ against }) => ways.some(({ name }) => name === against))
      .map(
        way =>
          `| ${way.name} | ${way.against} | ${works.map(({ name }) => cell(name, way)).join(' | ')} | ${later(way)} | ${share(way)} |`
      )
  ].join('\n')
}

function signed(value, digits) {
  if (!Number.isFinite(value)) return '–'
  return `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(digits)}`
}
