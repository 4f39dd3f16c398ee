// Every setting of the recorder: given in code, else by environment (both spellings), else the default. Validated here,
// once; a value that makes no sense is replaced by its default and named in `complaints`, never thrown at the program.

export type LogEmission = 'span-event' | 'log-record' | 'both'

/** What the program's author may give to `start`, MicrologInstrumentation and withMicrolog. */
export interface MicrologOptions {
  /** Name of the recording: becomes service.name unless the program's SDK sets one. */
  label?: string
  /** Seconds between two samples of the stack. */
  sampleDelay?: number
  /** Seconds between two statuses. */
  statusDelay?: number
  /** Seconds between two reads of the memory figures that cost more. */
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
  console?: boolean
  profile?: boolean
  statuses?: boolean
  /** Attributes put beside the SDK's resource. */
  resource?: Record<string, string>
  ingestKey?: string
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
  readonly profile: boolean
  readonly statuses: boolean
  readonly resource: Readonly<Record<string, string>>
  readonly ingestKey: string | undefined
  readonly complaints: readonly string[]
}

type Environment = Readonly<Record<string, string | undefined>>

export const defaultServer = 'http://127.0.0.1:7777'
const defaultDelays = { sample: 0.02, status: 0.1, memory: 1.0, exit: 1.0 }

export function readSettings(options: MicrologOptions = {}, env: Environment = process.env): Settings {
  const complaints: string[] = []
  const delay = (
    given: number | undefined,
    name: 'SAMPLE' | 'STATUS' | 'MEMORY' | 'EXIT',
    fallback: number,
    least: number
  ) => {
    const key = [`MICROLOG_${name}_DELAY`, `TRACER_${name}_DELAY`].find(key => env[key]?.trim())
    const value = given ?? (key === undefined ? fallback : Number(env[key]))
    if (Number.isFinite(value) && value >= least && value <= 3600) return value
    complaints.push(
      `expected ${given === undefined ? key : `${name.toLowerCase()}Delay`} to be ${least} to 3600 seconds, using ${fallback}`
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
  const server = origin(options.server ?? env.MICROLOG_SERVER, 'MICROLOG_SERVER')
  return {
    disabled: isTrue(env.MICROLOG_DISABLE),
    label: options.label?.trim() || env.MICROLOG_LABEL?.trim() || undefined,
    sampleIntervalUs: Math.round(delay(options.sampleDelay, 'SAMPLE', defaultDelays.sample, 0.0001) * 1e6),
    statusIntervalMs: delay(options.statusDelay, 'STATUS', defaultDelays.status, 0.01) * 1e3,
    memoryIntervalMs: delay(options.memoryDelay, 'MEMORY', defaultDelays.memory, 0.01) * 1e3,
    exitLimitMs: delay(options.exitDelay, 'EXIT', defaultDelays.exit, 0) * 1e3,
    server: server ?? defaultServer,
    serverGiven: server !== undefined,
    otlpUrl: origin(options.otlpUrl ?? env.MICROLOG_OTLP_URL, 'MICROLOG_OTLP_URL'),
    linkSpans: options.linkSpans ?? !isFalse(env.MICROLOG_LINK_SPANS),
    emit: emission(options.emit ?? env.MICROLOG_EMIT, complaints),
    console: options.console ?? !isFalse(env.MICROLOG_CONSOLE),
    profile: options.profile ?? !isFalse(env.MICROLOG_PROFILE),
    statuses: options.statuses ?? !isFalse(env.MICROLOG_STATUSES),
    resource: options.resource ?? {},
    ingestKey: options.ingestKey ?? env.MICROLOG_INGEST_KEY ?? undefined,
    complaints
  }
}

/** "true" in any case, as in Microlog for Python, and "1". */
export function isTrue(value: string | undefined): boolean {
  return /^(true|1)$/i.test(value?.trim() ?? '')
}

function isFalse(value: string | undefined): boolean {
  return /^(false|0)$/i.test(value?.trim() ?? '')
}

function emission(value: string | undefined, complaints: string[]): LogEmission {
  if (value === undefined || value === '' || value === 'both') return 'both'
  if (value === 'span-event' || value === 'log-record') return value
  complaints.push(`expected MICROLOG_EMIT to be span-event, log-record or both, using both`)
  return 'both'
}
