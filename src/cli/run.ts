import { randomUUID } from 'node:crypto'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { messageOf } from '../base/errors.ts'
import { nearest } from '../instrumentation/nearest.ts'
import { isRestricted, quotedWord } from '../instrumentation/node-options.ts'
import { formatDuration, nanosPerMs } from '../base/units.ts'
import { recordingId } from '../collector/store/recording-id.ts'
import { defaultServer, isDelay, isTrue, leastSampleDelay, longestDelay } from '../instrumentation/options.ts'
import { isSameHost } from '../instrumentation/send/destinations.ts'
import { tracesDeclined, tracesHint } from '../instrumentation/identity/traces-hint.ts'
import { writeNotice } from '../collector/write-notice.ts'
import { reportWrongUse } from './arguments.ts'
import { findCollector, findRecordingAt } from './ask-server.ts'
import type { Arrival } from './ask-server.ts'
import type { Command } from './command.ts'
import { escapeCell, escapeControls, longestName } from './print.ts'
import { dieOf, runProgram, type ProgramEnd } from './run-program.ts'

const help = `microlog run [--store WHERE] [--heap] LABEL script.js [ARGUMENT…]
microlog run [--store WHERE] [--heap] LABEL -- COMMAND [ARGUMENT…]

Records a Node program, or whatever Node programs a command starts, npm start for instance:
stacks, console calls, process figures, and the spans of its OpenTelemetry SDK. Its input,
output, signals and exit code stay its own; the recording is named at the end, on stderr.

The server at MICROLOG_SERVER (default ${defaultServer}) takes the recording if it answers,
else it goes into the store at once.

  --store WHERE          where recordings are kept (default: MICROLOG_STORE, else ~/.microlog)
  --catalog URL          postgres://… of a bucket (default: MICROLOG_CATALOG)
  --heap                 also what lives in the heap, by the code that allocated it: each minute
                         and at the end, for a garbage collection each; or MICROLOG_HEAP=true

  MICROLOG_SAMPLE_DELAY  seconds between two samples of the stack (default 0.01)
  MICROLOG_STATUS_DELAY  seconds between two statuses (default 0.1)
  MICROLOG_MEMORY_DELAY  seconds between two counts of modules and open resources (default 1.0)
  MICROLOG_DISABLE=true  runs the program without recording it
`

export const run: Command = { run: runRecorded }

interface Request {
  store: string | undefined
  catalog?: string | undefined
  heap: boolean
  label: string
  command: string
  args: string[]
}

/** Who takes what the program tells. */
interface Receiver {
  otlpUrl: string
  /** Where the screens are; undefined when this was only for the time of the run. */
  server: string | undefined
  close(): Promise<void>
}

async function runRecorded(words: string[]): Promise<number> {
  const request = readRequest(words)
  if (request === 'help') {
    process.stdout.write(help)
    return 0
  }
  if (typeof request === 'string') return reportWrongUse({ name: 'run' }, request)
  if (isTrue(process.env.MICROLOG_DISABLE)) return leave(await start(request, process.env))

  if (process.env.MICROLOG_OTLP_URL) {
    writeNotice(
      'MICROLOG_OTLP_URL is left aside: run records into its store, or to the server at MICROLOG_SERVER'
    )
  }
  const receiver = await openReceiver(request)
  if (receiver === undefined) return leave(await start(request, process.env))
  const folder = mkdtempSync(join(tmpdir(), 'microlog-run-'))
  const instanceId = randomUUID()
  const startedMs = performance.now()
  const end = await start(
    request,
    buildEnvironment(process.env, request.label, { receiver, folder, instanceId, heap: request.heap })
  )
  const durationMs = performance.now() - startedMs
  const recordings = readRecordings(folder, instanceId)
  rmSync(folder, { recursive: true, force: true })
  await receiver.close().catch(error => writeNotice(`the recording may be incomplete: ${messageOf(error)}`))
  if (end.failure === undefined) {
    const { server } = receiver
    const arrivals = await findArrivals(receiver, recordings)
    const isMissing = arrivals.length > 0 && arrivals.every(arrival => arrival === 'missing')
    if (isMissing)
      writeNotice(`nothing of ${escapeCell(request.label, longestName)} has arrived at ${server}`)
    else printBox(request, receiver, { recordings, arrivals, durationMs })
  }
  return leave(end)
}

/** Options with a value, and what that is. */
const valued = { store: 'a folder or s3://bucket/prefix', catalog: 'postgres://…' }
const ownOptions = [...Object.keys(valued), 'heap']

/** 'help', or what is wrong, or what to do. */
export function readRequest(words: readonly string[]): Request | string {
  const given: { store?: string; catalog?: string } = {}
  let heap = false
  let at = 0
  for (; words[at]?.startsWith('-'); at++) {
    const word = words[at]!
    if (word === '--help' || word === '-h') return 'help'
    const [name, value] = optionOf(word)
    if (word === '--heap') heap = true
    else if (name === 'store' || name === 'catalog') {
      given[name] = value ?? words[++at]
      if (given[name] === undefined) return `expected ${valued[name]} after --${name}`
    } else {
      const meant = nearest(name, [...ownOptions, 'help'])
      return `expected LABEL, found ${escapeControls(word)}${meant === undefined ? '' : `, did you mean --${meant}?`}`
    }
  }
  const label = words[at]?.trim()
  if (!label) return 'expected LABEL script.js, or LABEL -- COMMAND'
  const [next, ...rest] = words.slice(at + 1)
  const request = { store: given.store, catalog: given.catalog, heap, label }
  if (next === '--') {
    const [command, ...args] = rest
    return command === undefined ? 'expected a command after --' : { ...request, command, args }
  }
  if (next === undefined) {
    const isScript = /\.[cm]?[jt]s$/.test(label)
    return isScript
      ? `expected LABEL before ${escapeControls(label)}, any name for the recording`
      : 'expected a script after LABEL, or -- and a command'
  }
  // Of Node's own options there is none of these names; behind the script they are the program's.
  if (next.startsWith('--') && ownOptions.includes(optionOf(next)[0]))
    return `expected ${escapeControls(next)} before LABEL`
  return { ...request, command: process.execPath, args: [next, ...rest] }
}

/** The name of an option, and its value where it has one in the same word. */
function optionOf(word: string): [name: string, value: string | undefined] {
  const [, name = '', value] = /^-+([^=]*)(?:=(.*))?$/s.exec(word) ?? []
  return [name, value]
}

const usualSampleDelay = '0.01'

/** Seconds. What can't be one would become the program's own default, which is another than ours. */
function sampleDelay(env: NodeJS.ProcessEnv): string {
  const name = ['MICROLOG_SAMPLE_DELAY', 'TRACER_SAMPLE_DELAY'].find(name => env[name]?.trim())
  if (name === undefined) return usualSampleDelay
  const text = env[name]!
  if (isDelay(Number(text), leastSampleDelay)) return text
  writeNotice(
    `expected ${name} to be ${leastSampleDelay} to ${longestDelay} seconds, using ${usualSampleDelay}`
  )
  return usualSampleDelay
}

async function openReceiver(request: Request): Promise<Receiver | undefined> {
  const given = process.env.MICROLOG_SERVER?.trim().replace(/\/+$/, '')
  const server = given || defaultServer
  // Asking for a store is asking for that one.
  if (request.store === undefined && request.catalog === undefined) {
    const found = await findCollector(server)
    if ('otlpUrl' in found) return { otlpUrl: found.otlpUrl, server, close: () => Promise.resolve() }
    if (given) writeNotice(`${escapeControls(found.why)}, recording into the store`)
  }
  try {
    const { createCollector } = await import('../collector/index.ts')
    const store = request.store ?? process.env.MICROLOG_STORE
    const collector = await createCollector({
      store,
      catalog: request.catalog,
      host: '127.0.0.1',
      port: 0,
      otlpPort: 0,
      ui: false
    })
    return { otlpUrl: collector.otlpUrl, server: undefined, close: () => collector.close() }
  } catch (error) {
    writeNotice(`the program runs without being recorded: ${messageOf(error)}`)
    return undefined
  }
}

interface RunContext {
  receiver: Receiver
  folder: string
  instanceId: string
  heap?: boolean
}

export function buildEnvironment(
  env: NodeJS.ProcessEnv,
  label: string,
  { receiver, folder, instanceId, heap = false }: RunContext
): NodeJS.ProcessEnv {
  // Not as --import: that has Node load the program itself as an ES module, past what `node -r ts-node/register` brings.
  const preload = fileURLToPath(new URL('../instrumentation/preload.cjs', import.meta.url))
  const own: NodeJS.ProcessEnv = {
    ...env,
    NODE_OPTIONS: `${env.NODE_OPTIONS ?? ''} --require ${quotedWord(preload)}`.trim(),
    MICROLOG_LABEL: label,
    MICROLOG_INSTANCE_ID: instanceId,
    MICROLOG_RUN_FOLDER: folder,
    MICROLOG_OTLP_URL: receiver.otlpUrl,
    MICROLOG_SAMPLE_DELAY: sampleDelay(env),
    // We wait for the recording anyway.
    MICROLOG_EXIT_DELAY: env.MICROLOG_EXIT_DELAY || '5'
  }
  if (heap) own.MICROLOG_HEAP = 'true'
  if (receiver.server !== undefined) own.MICROLOG_SERVER = receiver.server
  // The program's own SDK finds the collector too, unless its user has another one in mind.
  if (!env.OTEL_EXPORTER_OTLP_ENDPOINT && !env.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT) {
    own.OTEL_EXPORTER_OTLP_ENDPOINT = receiver.otlpUrl
    own.OTEL_EXPORTER_OTLP_PROTOCOL = 'http/protobuf'
  }
  return own
}

/** Of the recordings that are named; our own store was told when it was closed. */
async function findArrivals({ server, otlpUrl }: Receiver, recordings: readonly Noted[]): Promise<Arrival[]> {
  const named = recordings.slice(0, mostNamed).map(recordingId)
  if (server === undefined) return named.map(() => 'here')
  if (isSameHost(server, otlpUrl)) {
    const why = `${server} is where it takes OTLP, MICROLOG_SERVER where it has its screens (port 7777)`
    return named.map(() => ({ why }))
  }
  return Promise.all(named.map(id => findRecordingAt(server, id, process.env.MICROLOG_VIEW_KEY)))
}

function start({ command, args }: Request, env: NodeJS.ProcessEnv): Promise<ProgramEnd> {
  return runProgram(command, args, env)
}

async function leave(end: ProgramEnd): Promise<number> {
  if (end.failure !== undefined) writeNotice(`the program did not start: ${escapeControls(end.failure)}`)
  return end.signal === undefined ? end.code : dieOf(end.signal)
}

/** Of a command that starts many processes. */
const mostNamed = 10

interface Noted {
  namespace: string
  name: string
  instance: string
  /** An SDK was set up in it. */
  traces: boolean
  pid: number
  /** The file that Node was started with; '' for none. */
  script: string
}

/** What each recorded process wrote about itself; the one we started comes first. */
function readRecordings(folder: string, instanceId: string): Noted[] {
  const noted = readdirSync(folder)
    .filter(name => name.endsWith('.json'))
    .flatMap(name => {
      try {
        return [JSON.parse(readFileSync(join(folder, name), 'utf8')) as Noted]
      } catch {
        // Killed while it wrote.
        return []
      }
    })
  const rank = ({ instance, pid }: Noted): number => (instance === instanceId ? 0 : pid)
  return noted.sort((a, b) => rank(a) - rank(b))
}

interface Outcome {
  recordings: readonly Noted[]
  /** Of the first recordings. */
  arrivals: readonly Arrival[]
  durationMs: number
}

function printBox(request: Request, receiver: Receiver, { recordings, arrivals, durationMs }: Outcome): void {
  if (recordings.length === 0) {
    const words = [request.command, ...request.args, process.env.NODE_OPTIONS ?? '']
    const why = isRestricted(words)
      ? "no recording was named: Node's permission model keeps microlog from it; what it needs there: docs/limits.md of microlog"
      : 'nothing was recorded: the program ran no Node, was killed at once, or has told why'
    writeNotice(why)
    return
  }
  const server = receiver.server ?? defaultServer
  const lines = recordings.slice(0, mostNamed).flatMap((recorded, i) => {
    const id = recordingId(recorded)
    const address = `${server}/#/r/${id}/timeline`
    // Several of one name differ by what they run.
    const program = recordings.length === 1 ? '' : `${recorded.script} (pid ${recorded.pid})`.trim()
    return [
      `${escapeCell(recorded.name, longestName)}  ${id}  ${escapeCell(program, longestName)}`.trimEnd(),
      `  ${arrivals[i] === 'missing' ? 'nothing of it has arrived' : address}`
    ]
  })
  if (recordings.length > mostNamed) lines.push(`and ${recordings.length - mostNamed} more processes`)
  if (!recordings.some(({ traces }) => traces) && !tracesDeclined(process.env)) {
    lines.push(tracesHint[0], `  ${tracesHint[1]}`)
  }
  if (receiver.server === undefined) {
    const store = request.store === undefined ? '' : ` --store ${request.store}`
    lines.push(`the links open while this runs: microlog serve${store}`)
  }
  const unsure = arrivals.find(arrival => typeof arrival === 'object')
  const title = `Microlog ${unsure ? 'ran' : 'recorded'} ${escapeCell(request.label, longestName)} for ${formatDuration(durationMs * nanosPerMs)}`
  if (unsure) lines.unshift(`not confirmed that it was recorded: ${unsure.why}`)
  const texts = [title, ...lines].map(text => escapeCell(text))
  const width = Math.max(...texts.map(text => text.length))
  const rule = '─'.repeat(width + 2)
  const box = [`┌${rule}┐`, ...texts.map(text => `│ ${text.padEnd(width)} │`), `└${rule}┘`]
  process.stderr.write(`${box.join('\n')}\n`)
}
