// A sender that keeps a ledger: it sends each request until it is answered 200, as exporters do, and knows which
// spans were acknowledged.
import { randomBytes } from 'node:crypto'

export interface SpanSender {
  /** Ids of all spans whose request was answered 200. */
  readonly acknowledged: Set<string>
  /** Requests that had to be sent again. */
  readonly retries: () => number
  /** Answers when what is under way is acknowledged. */
  stop(): Promise<void>
}

const pauseMs = 5

export function sendSpans(url: string, lanes: number, instance: string): SpanSender {
  const acknowledged = new Set<string>()
  let stopped = false
  let retries = 0

  async function lane(number: number): Promise<void> {
    for (let turn = 0; !stopped; turn++) {
      const ids = Array.from({ length: 1 + (turn % 5) }, () => randomBytes(8).toString('hex'))
      const body = spansRequest(ids, `${instance}-${number % 2}`)
      while (!(await sendOnce(url, body))) {
        retries++
        await new Promise(resolve => setTimeout(resolve, pauseMs))
      }
      for (const id of ids) acknowledged.add(id)
    }
  }

  const running = Promise.all(Array.from({ length: lanes }, (_, number) => lane(number)))
  return {
    acknowledged,
    retries: () => retries,
    async stop() {
      stopped = true
      await running
    }
  }
}

/** False when it should be sent again. */
async function sendOnce(url: string, body: string): Promise<boolean> {
  try {
    const response = await fetch(url, {
      method: 'POST',
      body,
      headers: { 'content-type': 'application/json' }
    })
    await response.arrayBuffer()
    return response.status === 200
  } catch (thrown) {
    if (thrown instanceof TypeError) return false
    throw thrown
  }
}

export function spansRequest(spanIds: readonly string[], instance: string): string {
  const now = BigInt(Date.now()) * 1_000_000n
  const attribute = (key: string, stringValue: string) => ({ key, value: { stringValue } })
  const spans = spanIds.map(spanId => ({
    traceId: `${spanId}${spanId}`,
    spanId,
    name: 'work',
    kind: 1,
    startTimeUnixNano: String(now),
    endTimeUnixNano: String(now + 1_000_000n)
  }))
  const resource = {
    attributes: [attribute('service.name', 'ledger'), attribute('service.instance.id', instance)]
  }
  return JSON.stringify({ resourceSpans: [{ resource, scopeSpans: [{ scope: { name: 'test' }, spans }] }] })
}
