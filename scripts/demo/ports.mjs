// Looks before it leaps: a port that is taken is named before anything was started.
import { once } from 'node:events'
import { createServer } from 'node:net'
import { DemoError } from './demo-error.mjs'

const LOOPBACK = ['127.0.0.1', '::1']

/** Throws one DemoError that names every taken port and the flag that chooses another. */
export async function requireFreePorts(wanted) {
  const taken = []
  for (const entry of wanted) {
    if (!(await isFree(entry.port))) taken.push(entry)
  }
  if (taken.length === 0) return
  const lines = taken.map(({ port, what }) => `Port ${port}, meant for ${what}, is taken.`)
  const flags = taken.map(({ port, flag }) => `${flag} ${port + 100}`).join(' ')
  throw new DemoError(`${lines.join('\n')}\nFree it, or choose another one: npm run demo -- ${flags}`)
}

async function isFree(port) {
  for (const host of LOOPBACK) {
    if (await isTaken(port, host)) return false
  }
  return true
}

async function isTaken(port, host) {
  const server = createServer()
  try {
    server.listen({ port, host, exclusive: true })
    await once(server, 'listening')
    return false
  } catch (error) {
    // Without IPv6 there is no ::1 to be taken.
    return error.code === 'EADDRINUSE' || error.code === 'EACCES'
  } finally {
    server.close()
  }
}
