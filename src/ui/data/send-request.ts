// One request to the collector. Every failure names its request; the message is the collector's own where it gave one.
import { messageOf } from '../../base/errors.ts'
import type { ApiError } from '../../collector/api.ts'
import type { LoadFailure } from './segment-worker-protocol.ts'

const longestAddress = 300

/** A request that didn't give what was asked for. */
export class RequestError extends Error {
  /** e.g. 'GET /api/recordings'. */
  readonly request: string
  /** HTTP status; 0 where no answer came. */
  readonly status: number

  constructor(request: string, status: number, message: string) {
    super(message)
    this.name = 'RequestError'
    this.request = request
    this.status = status
  }
}

export async function sendRequest(method: string, url: URL, init: RequestInit = {}): Promise<Response> {
  const request = requestText(method, url)
  let response: Response
  try {
    response = await fetch(url, { method, ...init })
  } catch (error) {
    if (init.signal?.aborted) throw error
    throw new RequestError(request, 0, `No answer from the collector (${messageOf(error)}). Is it running?`)
  }
  if (response.ok) return response
  throw new RequestError(request, response.status, await errorText(response))
}

/** A request as people read it: an address that is the data itself is cut. */
export function requestText(method: string, { pathname, search }: URL): string {
  return `${method} ${(pathname + search).slice(0, longestAddress)}`
}

/** The same with the header that says who asks, where there is one. */
export function authorized(init: RequestInit, authorization: string | undefined): RequestInit {
  if (authorization === undefined) return init
  const headers = new Headers(init.headers)
  headers.set('authorization', authorization)
  return { ...init, headers }
}

async function errorText(response: Response): Promise<string> {
  const fallback = `The collector answered ${response.status} ${response.statusText}`
  if (!response.headers.get('content-type')?.includes('json')) return fallback
  const body = (await response.json().catch(() => undefined)) as Partial<ApiError> | undefined
  return body?.error?.message ?? fallback
}

/** For the screen; `request` is what failed where the error doesn't say it itself. */
export function failureOf(error: unknown, request = ''): LoadFailure {
  if (error instanceof RequestError) {
    return { request: error.request, status: error.status, message: error.message }
  }
  return { request, status: 0, message: messageOf(error) }
}
