import { serialize } from 'node:v8'
import { expect, test } from 'vitest'
import { ItemLedger } from '../../../src/instrumentation/send/item-ledger.ts'
import { createOutbox } from '../../../src/instrumentation/send/outbox.ts'
import type { Records } from '../../../src/instrumentation/send/sender-protocol.ts'

/** What the outbox may keep, and how much more what is copied may be. */
const limitBytes = 12 * 1024 * 1024
const fields = (i: number) =>
  Object.fromEntries(Array.from({ length: 16 }, (_, n) => [`f${n}`, `${i}${'x'.repeat(4096)}`]))

function keepWithoutRoom(fill: (sink: ReturnType<typeof createOutbox>['sink']) => void) {
  let kept: Records | undefined
  const ledger = new ItemLedger()
  const outbox = createOutbox({ ledger, hasRoom: () => false, post: records => (kept = records) })
  fill(outbox.sink)
  outbox.post()
  outbox.close()
  return kept!
}

test('log calls with large fields stay within the limit, too: the oldest go', () => {
  const kept = keepWithoutRoom(sink => {
    for (let i = 0; i < 500; i++) {
      sink.logCall({
        timeUnixUs: i,
        severityNumber: 9,
        severityText: 'INFO',
        body: 'order',
        uid: String(i),
        threadId: 0,
        span: undefined,
        site: undefined,
        attributes: fields(i),
        line: undefined
      })
    }
  })
  expect(serialize(kept).length).toBeLessThan(limitBytes)
  expect(kept.logCalls.uid.at(-1)).toBe('499')
  expect(kept.logCalls.uid.length).toBeGreaterThan(50)
})

test('spans with large attributes and events, too', () => {
  const kept = keepWithoutRoom(sink => {
    for (let i = 0; i < 500; i++) {
      sink.spans([
        {
          traceId: 'a'.repeat(32),
          spanId: 'b'.repeat(16),
          parentSpanId: '',
          traceState: '',
          flags: 1,
          name: 'query',
          kind: 1,
          startUnixNano: 1n,
          endUnixNano: 2n,
          attributes: fields(i),
          events: [{ timeUnixNano: 1n, name: 'log', attributes: fields(i), droppedAttributes: 0 }],
          links: [],
          status: { code: 0, message: '' },
          dropped: { attributes: 0, events: 0, links: 0 },
          scope: { name: 'test', version: '', schemaUrl: '' }
        }
      ])
    }
  })
  expect(serialize(kept).length).toBeLessThan(limitBytes)
  expect(kept.spans.length).toBeGreaterThan(25)
})
