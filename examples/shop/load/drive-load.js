// A handful of visitors, each making one request after the other with a pause in between: bounded, and the same
// requests for the same seed. The first visitor begins with one request of each kind, so that even a short run has all.
import { setTimeout as wait } from 'node:timers/promises'
import { createRandom } from './random.js'
import { drawVisit, oneOfEach } from './visits.js'

const TIMEOUT_MS = 15_000

/**
 * Drives load until `signal` is aborted; requests that are under way are still answered.
 * `onAnswer({ name, status, durationMs })` is called for each request; its status is 0 where there was no answer.
 */
export async function driveLoad({ shopUrl, visitors = 4, pauseMs = 60, seed = 1, signal, onAnswer }) {
  async function visit(visitor) {
    const random = createRandom(seed * 1000 + visitor)
    const first = visitor === 0 ? oneOfEach(random) : []
    while (!signal.aborted) {
      const { name, method, path, body } = first.shift() ?? drawVisit(random)
      const startedAt = performance.now()
      const status = await send(new URL(path, shopUrl), method, body)
      onAnswer({ name, status, durationMs: performance.now() - startedAt })
      await pause(random.between(0, 2 * pauseMs), signal)
    }
  }
  await Promise.all(Array.from({ length: visitors }, (_, visitor) => visit(visitor)))
}

async function send(url, method, body) {
  try {
    const response = await fetch(url, {
      method,
      signal: AbortSignal.timeout(TIMEOUT_MS),
      body: body && JSON.stringify(body),
      headers: body && { 'content-type': 'application/json' }
    })
    await response.arrayBuffer()
    return response.status
  } catch {
    return 0 // refused, reset or too late: the caller counts it
  }
}

async function pause(ms, signal) {
  await wait(ms, undefined, { signal }).catch(() => undefined) // a pause cut short by the signal is over all the same
}
