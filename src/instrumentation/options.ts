// Every setting of the recorder: given in code, else by environment (both spellings), else the default. Validated here,
// once; a value that makes no sense is replaced by its default and named in `complaints`, never thrown at the program.
import type { RedactRule } from './logs/redaction.ts'
import { misspelt, nearest } from './nearest.ts'

export type LogEmission = 'span-event' | 'log-record' | 'both'

/** What the program's author may give to `start`, MicrologInstrumentation and withMicrolog. */
export interface MicrologOptions {
  /** Name of the recording: becomes service.name unless the program's SDK sets one. */
  label?: string
  /** Seconds between two samples of the stack. */
  sampleDelay?: number
  /** Seconds between two statuses. */
  statusDelay?: number
  /** Seconds between two reads of what costs more: modules, active resources, percentiles of the loop's delay. */
  memoryDelay?: number
  /** Seconds that the last flush may hold up the end of the process. */
  exitDelay?: number
  /** Origin of the Microlog server's UI, for instance http://127.0.0.1:7777. */
  server?: string
  /** Base URL of an OTLP/HTTP endpoint that is to get everything, profiles too. */
  otlpUrl?: string
  /** Ties samples to the active span; costs about 140 ns per await. */
  linkSpans?: boolean
  /** How a log call travels while a span is recording. */
  emit?: LogEmission
  /** Records what is logged by console and the loggers that we know. */
  console?: boolean
  /** Records every line written to stdout and stderr, too. */
  streams?: boolean
  /** Log calls recorded within a second at most. */
  eventsPerSecond?: number
  /** Log calls that become events of one span at most. */
  eventsPerSpan?: number
  /** Names whose values are secrets, beyond those that always are; or functions that give what may be kept of a text. */
  redact?: readonly RedactRule[]
  /** Environment variables to be recorded beside the usual ones; `SHOP_*` means all that begin so. */
  environment?: readonly string[]
  profile?: boolean
  statuses?: boolean
  /** Samples the heap for good: a profile of what lives in it, each minute. False also leaves it out of the report at the end. */
  heap?: boolean
  /** Records the program's worker threads, too. */
  workers?: boolean
  /** Records the Node processes that the program starts, too. */
  children?: boolean
  /** Attributes put beside the SDK's resource. */
  resource?: Record<string, string>
  ingestKey?: string
  /** Switches recording off, and on again, at run time: SIGUSR2 for instance. */
  signal?: string
}

export interface Settings {
  readonly disabled: boolean
  readonly label: string | undefined
  readonly sampleIntervalUs: number
  readonly statusIntervalMs: number
  readonly memoryIntervalMs: number
  readonly exitLimitMs: number
  readonly server: string
  /** The server was named by the user, not just assumed. */
  readonly serverGiven: boolean
  readonly otlpUrl: string | undefined
  readonly linkSpans: boolean
  readonly emit: LogEmission
  readonly console: boolean
  readonly streams: boolean
  readonly eventsPerSecond: number
  readonly eventsPerSpan: number
  readonly redact: readonly RedactRule[]
  readonly environment: readonly string[]
  readonly profile: boolean
  readonly statuses: boolean
  /** What allocations are sampled for: profiles of the heap, the report at the end only, or nothing. */
  readonly heap: 'profiles' | 'report' | 'nothing'
  readonly workers: boolean
  readonly children: boolean
  readonly resource: Readonly<Record<string, string>>
  readonly ingestKey: string | undefined
  readonly signal: NodeJS.Signals | undefined
  readonly complaints: readonly string[]
  /** What was given, in code or by environment, as the variables that say the same to a child process. */
  readonly asVariables: Readonly<Record<string, string>>
}

type Environment = Readonly<Record<string, string | undefined>>

export const defaultServer = 'http://127.0.0.1:7777'
/** Seconds. */
export const leastSampleDelay = 0.0001
export const longestDelay = 3600
const defaultDelays = { sample: 0.02, status: 0.1, memory: 1.0, exit: 1.0 }

export function readSettings(given: MicrologOptions = {}, env: Environment = process.env): Settings {
  const complaints: string[] = []
  const options = checkTypes(given, complaints)
  for (const { name, meant } of misspelt(env, knownVariables))
    complaints.push(`unknown variable ${name}, did you mean ${meant}?`)
  for (const key of switches) {
    const word = env[key]?.trim()
    if (word && !isTrue(word) && !isFalse(word)) {
      complaints.push(`expected ${key} to be true or false, ignoring it`)
    }
  }
  const delay = (
    given: number | undefined,
    name: 'SAMPLE' | 'STATUS' | 'MEMORY' | 'EXIT',
    fallback: number,
    least: number
  ) => {
    const key = [`MICROLOG_${name}_DELAY`, `TRACER_${name}_DELAY`].find(key => env[key]?.trim())
    const value = given ?? (key === undefined ? fallback : Number(env[key]))
    if (isDelay(value, least)) return value
    complaints.push(
      `expected ${given === undefined ? key : `${name.toLowerCase()}Delay`} to be ${least} to ${longestDelay} seconds, using ${fallback}`
    )
    return fallback
  }
  const origin = (given: string | undefined, name: string) => {
    const value = given?.trim()
    if (!value) return undefined
    if (URL.canParse(value) && /^https?:/.test(value)) return value.replace(/\/+$/, '')
    complaints.push(`expected ${name} to be an http(s) URL, ignoring it`)
    return undefined
  }
  const limit = (given: number | undefined, key: string, fallback: number, least: number, most: number) => {
    const value = given ?? (env[key]?.trim() ? Number(env[key]) : fallback)
    if (Number.isInteger(value) && value >= least && value <= most) return value
    complaints.push(`expected ${key} to be a whole number from ${least} to ${most}, using ${fallback}`)
    return fallback
  }
  const server = origin(options.server ?? env.MICROLOG_SERVER, 'MICROLOG_SERVER')
  return {
    disabled: isTrue(env.MICROLOG_DISABLE),
    label: options.label?.trim() || env.MICROLOG_LABEL?.trim() || undefined,
    sampleIntervalUs: Math.round(
      delay(options.sampleDelay, 'SAMPLE', defaultDelays.sample, leastSampleDelay) * 1e6
    ),
    statusIntervalMs: delay(options.statusDelay, 'STATUS', defaultDelays.status, 0.01) * 1e3,
    memoryIntervalMs: delay(options.memoryDelay, 'MEMORY', defaultDelays.memory, 0.01) * 1e3,
    exitLimitMs: delay(options.exitDelay, 'EXIT', defaultDelays.exit, 0) * 1e3,
    server: server ?? defaultServer,
    serverGiven: server !== undefined,
    otlpUrl: origin(options.otlpUrl ?? env.MICROLOG_OTLP_URL, 'MICROLOG_OTLP_URL'),
    linkSpans: options.linkSpans ?? !isFalse(env.MICROLOG_LINK_SPANS),
    emit: emission(options.emit ?? env.MICROLOG_EMIT, complaints),
    console: options.console ?? !isFalse(env.MICROLOG_CONSOLE),
    streams: options.streams ?? isTrue(env.MICROLOG_STREAMS),
    eventsPerSecond: limit(options.eventsPerSecond, 'MICROLOG_EVENTS_PER_SECOND', 10_000, 1, 100_000),
    eventsPerSpan: limit(options.eventsPerSpan, 'MICROLOG_EVENTS_PER_SPAN', 100, 0, 10_000),
    redact: [...listOf(env.MICROLOG_REDACT), ...(options.redact ?? [])],
    environment: [...listOf(env.MICROLOG_ENVIRONMENT), ...(options.environment ?? [])],
    profile: options.profile ?? !isFalse(env.MICROLOG_PROFILE),
    statuses: options.statuses ?? !isFalse(env.MICROLOG_STATUSES),
    heap: heapUse(options.heap, env.MICROLOG_HEAP),
    workers: options.workers ?? !isFalse(env.MICROLOG_WORKERS),
    children: options.children ?? !isFalse(env.MICROLOG_CHILDREN),
    resource: options.resource ?? {},
    ingestKey: options.ingestKey ?? env.MICROLOG_INGEST_KEY ?? undefined,
    signal: switchSignal(options.signal ?? env.MICROLOG_SIGNAL, complaints),
    complaints,
    asVariables: asVariables(options, env)
  }
}

/** Variables that are true or false. */
const switches = [
  'MICROLOG_DISABLE',
  'MICROLOG_LINK_SPANS',
  'MICROLOG_CONSOLE',
  'MICROLOG_STREAMS',
  'MICROLOG_PROFILE',
  'MICROLOG_STATUSES',
  'MICROLOG_HEAP',
  'MICROLOG_WORKERS',
  'MICROLOG_CHILDREN'
] as const

const optionTypes: { readonly [Name in keyof MicrologOptions]-?: string } = {
  label: 'string',
  sampleDelay: 'number',
  statusDelay: 'number',
  memoryDelay: 'number',
  exitDelay: 'number',
  server: 'string',
  otlpUrl: 'string',
  linkSpans: 'boolean',
  emit: 'string',
  console: 'boolean',
  streams: 'boolean',
  eventsPerSecond: 'number',
  eventsPerSpan: 'number',
  redact: 'array',
  environment: 'array',
  profile: 'boolean',
  statuses: 'boolean',
  heap: 'boolean',
  workers: 'boolean',
  children: 'boolean',
  resource: 'object',
  ingestKey: 'string',
  signal: 'string'
}

/** A program in JavaScript may give anything: what isn't of its type is left out. */
function checkTypes(given: MicrologOptions, complaints: string[]): MicrologOptions {
  const options: Record<string, unknown> = {}
  for (const name of Object.keys(given)) {
    // `enabled` is every instrumentation's own.
    if (name in optionTypes || name === 'enabled') continue
    const meant = nearest(name, Object.keys(optionTypes))
    complaints.push(`unknown option ${name}${meant === undefined ? '' : `, did you mean ${meant}?`}`)
  }
  for (const [name, type] of Object.entries(optionTypes)) {
    const value = given[name as keyof MicrologOptions]
    if (value === undefined || value === null) continue
    const found = Array.isArray(value) ? 'array' : typeof value
    if (found === type) options[name] = value
    else complaints.push(`expected ${name} to be of type ${type}, found ${found}, ignoring it`)
  }
  return options
}

/** Attributes of the resource are this process's. The key goes to children that are recorded, as MICROLOG_INGEST_KEY. */
const variables = {
  label: 'MICROLOG_LABEL',
  sampleDelay: 'MICROLOG_SAMPLE_DELAY',
  statusDelay: 'MICROLOG_STATUS_DELAY',
  memoryDelay: 'MICROLOG_MEMORY_DELAY',
  exitDelay: 'MICROLOG_EXIT_DELAY',
  server: 'MICROLOG_SERVER',
  otlpUrl: 'MICROLOG_OTLP_URL',
  linkSpans: 'MICROLOG_LINK_SPANS',
  emit: 'MICROLOG_EMIT',
  console: 'MICROLOG_CONSOLE',
  streams: 'MICROLOG_STREAMS',
  eventsPerSecond: 'MICROLOG_EVENTS_PER_SECOND',
  eventsPerSpan: 'MICROLOG_EVENTS_PER_SPAN',
  profile: 'MICROLOG_PROFILE',
  statuses: 'MICROLOG_STATUSES',
  heap: 'MICROLOG_HEAP',
  workers: 'MICROLOG_WORKERS',
  children: 'MICROLOG_CHILDREN'
} as const satisfies Partial<Record<keyof MicrologOptions, string>>

/** What the recorder reads. */
export const knownVariables: readonly string[] = [
  ...switches,
  ...Object.values(variables),
  'TRACER_SAMPLE_DELAY',
  'TRACER_STATUS_DELAY',
  'TRACER_MEMORY_DELAY',
  'MICROLOG_REDACT',
  'MICROLOG_ENVIRONMENT',
  'MICROLOG_INGEST_KEY',
  'MICROLOG_SIGNAL'
]

function asVariables(options: MicrologOptions, env: Environment): Record<string, string> {
  const found: Record<string, string> = {}
  for (const name of Object.keys(variables) as (keyof typeof variables)[]) {
    const value = options[name] ?? env[variables[name]]
    if (value !== undefined) found[variables[name]] = String(value)
  }
  // Names given in code are beside those of the environment. Expressions and functions can't be handed on.
  const lists = { MICROLOG_REDACT: options.redact, MICROLOG_ENVIRONMENT: options.environment }
  for (const [variable, given = []] of Object.entries(lists)) {
    const names = [...listOf(env[variable]), ...given.filter(name => typeof name === 'string')]
    if (names.length > 0) found[variable] = names.join(',')
  }
  return found
}

/** Seconds that a delay may have. */
export function isDelay(seconds: number, least: number): boolean {
  return Number.isFinite(seconds) && seconds >= least && seconds <= longestDelay
}

/** "true" in any case, as in Microlog for Python, and "1". */
export function isTrue(value: string | undefined): boolean {
  return /^(true|1)$/i.test(value?.trim() ?? '')
}

/** Switched off. */
export function isFalse(value: string | undefined): boolean {
  return /^(false|0)$/i.test(value?.trim() ?? '')
}

/** Those that neither end a program by custom, nor are Node's (SIGUSR1) or V8's own (SIGPROF). */
const switchSignals: readonly string[] = ['SIGUSR2', 'SIGWINCH', 'SIGCONT']

function switchSignal(value: string | undefined, complaints: string[]): NodeJS.Signals | undefined {
  const name = value?.trim()
  if (!name) return undefined
  if (switchSignals.includes(name)) return name as NodeJS.Signals
  complaints.push(`expected MICROLOG_SIGNAL to be one of ${switchSignals.join(', ')}, ignoring it`)
  return undefined
}

function heapUse(given: boolean | undefined, word: string | undefined): Settings['heap'] {
  if (given ?? isTrue(word)) return 'profiles'
  return given === false || isFalse(word) ? 'nothing' : 'report'
}

/** Names, separated by commas. */
function listOf(value: string | undefined): string[] {
  return (value ?? '')
    .split(',')
    .map(name => name.trim())
    .filter(name => name !== '')
}

function emission(value: string | undefined, complaints: string[]): LogEmission {
  if (value === undefined || value === '' || value === 'both') return 'both'
  if (value === 'span-event' || value === 'log-record') return value
  complaints.push(`expected MICROLOG_EMIT to be span-event, log-record or both, using both`)
  return 'both'
}
