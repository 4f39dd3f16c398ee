import { request as requestHttp, Agent as HttpAgent, type IncomingMessage } from 'node:http'
import { request as requestHttps, Agent as HttpsAgent } from 'node:https'
import { messageOf } from '../../base/errors.ts'
import type { SignalName } from './send-queue.ts'

export type Outcome =
  | { kind: 'sent' }
  /** The receiver will never take it. */
  | { kind: 'refused'; status: number }
  /** Not now: it is absent, hangs, or says so. */
  | { kind: 'retry'; afterMs: number | undefined; reason: string }

const paths: Record<SignalName, string> = {
  logs: '/v1/logs',
  metrics: '/v1/metrics',
  traces: '/v1/traces',
  profiles: '/v1development/profiles'
}
const requestTimeoutMs = 10_000
/** Of an answer only the status counts; more than this is cut off. */
const answerLimitBytes = 64 * 1024
const agents = {
  'http:': new HttpAgent({ keepAlive: true, maxSockets: 4 }),
  'https:': new HttpsAgent({ keepAlive: true, maxSockets: 4 })
}

/** The address a signal goes to below an endpoint's base URL. */
export function signalUrl(base: string, signal: SignalName): string {
  return base.replace(/\/+$/, '') + paths[signal]
}

/** Posts one gzipped protobuf request. Never rejects. */
export function postOtlp(
  url: string,
  body: Uint8Array,
  headers: Readonly<Record<string, string>>
): Promise<Outcome> {
  return new Promise<Outcome>((resolve, reject) => {
    const secure = url.startsWith('https:')
    const request = (secure ? requestHttps : requestHttp)(url, {
      method: 'POST',
      agent: agents[secure ? 'https:' : 'http:'],
      headers: {
        ...headers,
        'content-type': 'application/x-protobuf',
        'content-encoding': 'gzip',
        'content-length': body.length
      }
    })
    const timer = setTimeout(() => request.destroy(new Error('no answer in time')), requestTimeoutMs)
    request.on('close', () => clearTimeout(timer))
    request.on('error', reject)
    request.on('response', response => {
      const outcome = outcomeOf(response)
      let received = 0
      response.on('data', (chunk: Buffer) => {
        received += chunk.length
        if (received > answerLimitBytes) response.destroy()
      })
      response.on('close', () => resolve(outcome))
    })
    request.end(body)
  }).catch((error: unknown) => ({ kind: 'retry', afterMs: undefined, reason: messageOf(error) }))
}

/** GET of a small JSON document; undefined when it doesn't answer with one in time. */
export function getJson(url: string, timeoutMs: number): Promise<unknown> {
  return new Promise(resolve => {
    const request = (url.startsWith('https:') ? requestHttps : requestHttp)(url, { agent: false })
    const timer = setTimeout(() => request.destroy(new Error('no answer in time')), timeoutMs)
    const finish = (value: unknown): void => {
      clearTimeout(timer)
      resolve(value)
    }
    request.on('error', () => finish(undefined))
    request.on('response', response => {
      let text = ''
      response.setEncoding('utf8')
      response.on('data', (chunk: string) => {
        text += chunk
        if (text.length > answerLimitBytes) response.destroy()
      })
      response.on('close', () => finish(response.statusCode === 200 ? parseJson(text) : undefined))
    })
    request.end()
  })
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function outcomeOf(response: IncomingMessage): Outcome {
  const status = response.statusCode ?? 0
  if (status >= 200 && status < 300) return { kind: 'sent' }
  if (![429, 502, 503, 504].includes(status)) return { kind: 'refused', status }
  return { kind: 'retry', afterMs: retryAfterMs(response.headers['retry-after']), reason: `status ${status}` }
}

function retryAfterMs(header: string | undefined): number | undefined {
  const seconds = Number(header)
  return header === undefined || !Number.isFinite(seconds) || seconds < 0 ? undefined : seconds * 1000
}
