// Pages of other sites must not reach a server on this machine through somebody's browser: only known host names are
// answered (a rebound DNS name isn't one), and only pages of our own may ask (no Origin, or the very host asked).
import type { HttpProblem } from './error-status.ts'

export interface GuardedHeaders {
  host?: string | undefined
  origin?: string | string[] | undefined
}

export type OriginGuard = (headers: GuardedHeaders) => HttpProblem | undefined

const loopbackNames = ['localhost', '127.0.0.1', '[::1]']

/** @param names host names besides the loopback ones, without a port */
export function createOriginGuard(names: readonly string[]): OriginGuard {
  const known = new Set([...loopbackNames, ...names.map(name => name.toLowerCase())])
  return ({ host = '', origin }) => {
    if (!known.has(hostName(host))) {
      return {
        status: 421,
        code: 'invalid-input',
        message: `Expected a known host name, found ${JSON.stringify(host.slice(0, 100))}: MICROLOG_ALLOWED_HOSTS adds names`
      }
    }
    if (origin !== undefined && !isSameHost(String(origin), host)) {
      return { status: 403, code: 'invalid-input', message: 'Expected a request from a page of this server' }
    }
    return undefined
  }
}

/** Without the port, lower case. */
function hostName(host: string): string {
  return host.toLowerCase().replace(/:\d{1,5}$/, '')
}

function isSameHost(origin: string, host: string): boolean {
  const match = /^https?:\/\/([^/]+)$/i.exec(origin)
  return match?.[1]?.toLowerCase() === host.toLowerCase()
}
