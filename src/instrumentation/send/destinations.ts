import type { SignalName } from './send-queue.ts'

export interface DestinationSettings {
  /** Origin of the Microlog server's UI. */
  server: string
  /** An OTLP base URL that is to get everything. */
  otlpUrl: string | undefined
  ingestKey: string | undefined
  /** OTEL_EXPORTER_OTLP_*: those of the user's vendor, unless a Microlog collector answers there. */
  otel: {
    base: string | undefined
    urls: Partial<Record<SignalName, string>>
    headers: Record<string, string>
  }
}

export interface Destination {
  url: string
  headers: Record<string, string>
}

export type Destinations = Partial<Record<SignalName, Destination>>

const paths: Record<SignalName, string> = {
  logs: '/v1/logs',
  metrics: '/v1/metrics',
  traces: '/v1/traces',
  profiles: '/v1development/profiles'
}
const signals = Object.keys(paths) as SignalName[]

/**
 * Where each signal goes; undefined when nothing answers yet. OTEL_EXPORTER_OTLP_* come first for logs and metrics, but
 * stacks are never sent to somebody else's endpoint unless the user named one for profiles.
 */
export async function findDestinations(
  settings: DestinationSettings,
  ask: (url: string) => Promise<unknown>
): Promise<Destinations | undefined> {
  const { otel } = settings
  if (settings.otlpUrl !== undefined) return all(settings.otlpUrl, ownHeaders(settings))
  const [ours, baseIsOurs] = await Promise.all([
    ask(`${settings.server}/healthz`).then(otlpOf),
    otel.base === undefined ? false : ask(`${otel.base}/healthz`).then(health => otlpOf(health) !== undefined)
  ])
  const owned = otel.base !== undefined && (baseIsOurs || (ours !== undefined && isSameHost(otel.base, ours)))
  const found = owned ? all(otel.base!, ownHeaders(settings)) : ours ? all(ours, ownHeaders(settings)) : {}
  for (const signal of signals) {
    const named = otel.urls[signal]
    const url =
      named ?? (owned || signal === 'profiles' || !otel.base ? undefined : signalUrl(otel.base, signal))
    if (url !== undefined) found[signal] = { url, headers: otel.headers }
  }
  return Object.keys(found).length === 0 ? undefined : found
}

/** Reads the standard variables; over gRPC our requests can't go. */
export function readOtelEndpoints(
  env: Readonly<Record<string, string | undefined>>
): DestinationSettings['otel'] {
  const urls: Partial<Record<SignalName, string>> = {}
  const http = (value: string | undefined) => {
    const url = value?.trim()
    return url && URL.canParse(url) && /^https?:/.test(url) ? url.replace(/\/+$/, '') : undefined
  }
  for (const signal of signals) {
    const name = `OTEL_EXPORTER_OTLP_${signal.toUpperCase()}`
    const url = env[`${name}_PROTOCOL`] === 'grpc' ? undefined : http(env[`${name}_ENDPOINT`])
    if (url !== undefined) urls[signal] = url
  }
  const base = env.OTEL_EXPORTER_OTLP_PROTOCOL === 'grpc' ? undefined : http(env.OTEL_EXPORTER_OTLP_ENDPOINT)
  return { base, urls, headers: parseHeaders(env.OTEL_EXPORTER_OTLP_HEADERS ?? '') }
}

function parseHeaders(text: string): Record<string, string> {
  const headers: Record<string, string> = {}
  for (const pair of text.split(',')) {
    const at = pair.indexOf('=')
    const name = pair.slice(0, at).trim().toLowerCase()
    const value = pair.slice(at + 1).trim()
    if (at < 1 || !/^[\w-]+$/.test(name)) continue
    headers[name] = /%[0-9a-f]{2}/i.test(value) ? safelyDecoded(value) : value
  }
  return headers
}

function safelyDecoded(value: string): string {
  try {
    return decodeURIComponent(value)
  } catch {
    return value
  }
}

function all(base: string, headers: Record<string, string>): Destinations {
  return Object.fromEntries(signals.map(signal => [signal, { url: signalUrl(base, signal), headers }]))
}

/** The address a signal goes to below an endpoint's base URL. */
function signalUrl(base: string, signal: SignalName): string {
  return base.replace(/\/+$/, '') + paths[signal]
}

function ownHeaders({ ingestKey }: DestinationSettings): Record<string, string> {
  return ingestKey === undefined ? {} : { authorization: `Bearer ${ingestKey}` }
}

/** The OTLP URL a Microlog server names in its health. */
function otlpOf(health: unknown): string | undefined {
  const { otlp, wire } = (health ?? {}) as { otlp?: unknown; wire?: unknown }
  if (typeof otlp !== 'string' || !Array.isArray(wire)) return undefined
  return URL.canParse(otlp) && /^https?:/.test(otlp) ? otlp.replace(/\/+$/, '') : undefined
}

/** Host and port. */
export function isSameHost(one: string, other: string): boolean {
  const host = (url: string) => new URL(url).host.replace(/^(?:localhost|\[::1\])/, '127.0.0.1')
  return host(one) === host(other)
}
