import { expect, it } from 'vitest'
import type { StatusPoints } from '../../src/instrumentation/record-sink.ts'
import { startThreadStatuses } from '../../src/instrumentation/thread-statuses.ts'

it('measures what is cheap each time, and counts modules as seldom as it is told', async () => {
  const received: StatusPoints[] = []
  await new Promise<void>(done => {
    const statuses = startThreadStatuses({
      threadId: 0,
      statusIntervalMs: 5,
      memoryIntervalMs: 3_600_000,
      unixUs: () => Date.now() * 1000,
      onStatuses(points) {
        received.push(points)
        if (received.length > 1) return
        statuses.stop()
        done()
      }
    })
  })
  const valuesOf = (name: string) =>
    received.flatMap(({ metrics }) => Array.from(metrics.find(metric => metric.name === name)!.values))
  const heap = valuesOf('v8js.memory.heap.used')
  expect(heap.length).toBeGreaterThan(2)
  expect(heap.filter(bytes => !(bytes > 0))).toEqual([])
  const modules = valuesOf('microlog.modules.loaded')
  expect(modules).toHaveLength(heap.length)
  expect(modules[0]).toBeGreaterThanOrEqual(0)
  expect(modules.slice(1).filter(count => !Number.isNaN(count))).toEqual([])
})
