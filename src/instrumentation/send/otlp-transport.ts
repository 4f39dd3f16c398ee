import { Agent, request, type ClientRequest, type IncomingMessage, type RequestOptions } from 'node:http'
import { messageOf, systemCode } from '../../base/errors.ts'

export type Outcome =
  | { kind: 'sent' }
  /** The receiver will never take it. */
  | { kind: 'refused'; status: number }
  /** Not now: it is absent, hangs, or says so. */
  | { kind: 'retry'; afterMs: number | undefined; reason: string }

const requestTimeoutMs = 10_000
/** Of what posting is answered only the status counts; more than this of any answer is cut off. */
const answerLimitBytes = 64 * 1024

interface Transport {
  /** Kept open for the requests that follow. */
  agent: Agent
  request(url: string, options: RequestOptions): ClientRequest
}

const connections = { keepAlive: true, maxSockets: 4 }
const http: Transport = { agent: new Agent(connections), request }
let https: Promise<Transport> | undefined

async function transportOf(url: string): Promise<Transport> {
  if (!url.startsWith('https:')) return http
  // Loaded where it is needed: TLS takes as long to load as the rest of it.
  https ??= import('node:https').then(tls => ({ agent: new tls.Agent(connections), request: tls.request }))
  return https
}

/** Posts one gzipped protobuf request. Never rejects. */
export async function postOtlp(
  url: string,
  body: Uint8Array,
  headers: Readonly<Record<string, string>>
): Promise<Outcome> {
  try {
    const transport = await transportOf(url)
    const options = {
      method: 'POST',
      agent: transport.agent,
      headers: {
        ...headers,
        'content-type': 'application/x-protobuf',
        'content-encoding': 'gzip',
        'content-length': body.length
      }
    }
    const { response } = await answerTo(transport.request(url, options), requestTimeoutMs, body)
    return outcomeOf(response)
  } catch (error) {
    return { kind: 'retry', afterMs: undefined, reason: messageOf(error) }
  }
}

/**
 * GET of a small JSON document; undefined when it doesn't answer with one in time. Never rejects.
 * @param onFailure is told why, in words
 */
export async function getJson(
  url: string,
  timeoutMs: number,
  onFailure: (why: string) => void = () => {}
): Promise<unknown> {
  try {
    const { status, text } = await getAnswer(url, timeoutMs)
    if (status === 200) return JSON.parse(text) as unknown
    onFailure(`status ${status}`)
  } catch (error) {
    onFailure(error instanceof SyntaxError ? 'an answer that is no JSON' : reasonOf(error, url))
  }
  return undefined
}

const untrusted = /^(DEPTH_ZERO_)?SELF_SIGNED_CERT|^UNABLE_TO_(VERIFY|GET_ISSUER)/

/** Why a server can't be reached, and where it may be its certificate, or that it takes TLS only, what to do. */
export function reasonOf(thrown: unknown, url: string): string {
  const code = systemCode(thrown)
  const reason = messageOf(thrown) || code
  if (untrusted.test(code))
    return `${reason}: NODE_EXTRA_CA_CERTS names a file of certificates that Node is to trust`
  return code === 'ECONNRESET' && url.startsWith('http:')
    ? `${reason}: one that takes TLS only is at https://`
    : reason
}

/** GET of what is small; rejects when nothing answers in time. */
export async function getAnswer(
  url: string,
  timeoutMs: number,
  headers: Readonly<Record<string, string>> = {}
): Promise<{ status: number; text: string }> {
  const transport = await transportOf(url)
  const { response, text } = await answerTo(transport.request(url, { agent: false, headers }), timeoutMs)
  return { status: response.statusCode ?? 0, text }
}

interface Answer {
  response: IncomingMessage
  /** Cut off at the limit. */
  text: string
}

function answerTo(request: ClientRequest, timeoutMs: number, body?: Uint8Array): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => request.destroy(new Error('no answer in time')), timeoutMs)
    request.on('close', () => clearTimeout(timer))
    request.on('error', reject)
    request.on('response', response => {
      let text = ''
      response.setEncoding('utf8')
      response.on('data', (chunk: string) => {
        text += chunk
        if (text.length > answerLimitBytes) response.destroy()
      })
      response.on('close', () => resolve({ response, text }))
    })
    request.end(body)
  })
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
