// Puts an app on an address. On loopback it answers on IPv4 and, where there is one, on IPv6: `localhost` may mean
// either.
import { createServer } from 'node:http'
import type { Server } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { FastifyInstance } from 'fastify'
import { MicrologError, messageOf, systemCode } from '../../base/errors.ts'
import { limitConnections } from './connection-limits.ts'
import { usualHttpLimits } from './http-limits.ts'
import type { TlsIdentity } from './fastify-app.ts'

export interface Address {
  host: string
  /** 0 picks a free one. */
  port: number
  /** How to choose another port, for the message when this one is taken. */
  choice: string
  /** As the app was made with. */
  tls?: TlsIdentity | undefined
}

/** The origin it answers at. The app's own close ends it. */
export async function listen(app: FastifyInstance, { host, port, choice, tls }: Address): Promise<string> {
  try {
    await app.listen({ host, port, listenTextResolver: () => '' })
  } catch (thrown) {
    if (systemCode(thrown) === 'EADDRINUSE') {
      throw new MicrologError('conflict', `Port ${port} of ${host} is taken: ${choice} chooses another`, {
        cause: thrown
      })
    }
    throw new MicrologError('unavailable', `Can't listen on port ${port} of ${host}: ${messageOf(thrown)}`, {
      cause: thrown
    })
  }
  const address = app.server.address()
  const taken = typeof address === 'object' && address ? address.port : port
  if (host === '127.0.0.1') await listenOnIpv6(app, taken, tls)
  return `${tls ? 'https' : 'http'}://${urlHost(host)}:${taken}`
}

async function listenOnIpv6(app: FastifyInstance, port: number, tls: TlsIdentity | undefined): Promise<void> {
  const { headersTimeout, requestTimeout, keepAliveTimeout } = app.server as Server
  const connectionsCheckingInterval = usualHttpLimits.checkMs
  const timeouts = { headersTimeout, requestTimeout, keepAliveTimeout, connectionsCheckingInterval }
  const server = tls
    ? createTlsServer({ ...timeouts, ...tls }, app.routing)
    : createServer(timeouts, app.routing)
  limitConnections(server, usualHttpLimits)
  await new Promise<void>(resolve => {
    // No IPv6 here, or its port is somebody else's: the printed address is the IPv4 one.
    server.once('error', () => resolve())
    server.listen({ host: '::1', port, ipv6Only: true }, () => resolve())
  })
  if (!server.listening) return
  app.server.once('close', () => {
    server.close()
    server.closeAllConnections()
  })
}

/** Requests under way get this long to be finished, ms. */
const graceMs = 3000

/** Answers what is under way, then ends; who is too slow is cut off. */
export async function closeApp(app: FastifyInstance): Promise<void> {
  const cut = setTimeout(() => app.server.closeAllConnections(), graceMs)
  try {
    await app.close()
  } finally {
    clearTimeout(cut)
  }
}

/** As a URL and a Host header have it. */
export function urlHost(host: string): string {
  return host.includes(':') && !host.startsWith('[') ? `[${host}]` : host
}

/** True for what listens on every address. */
export function isWildcard(host: string): boolean {
  return host === '0.0.0.0' || host === '::'
}

export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(host)
}
