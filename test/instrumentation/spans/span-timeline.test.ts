import { context, ROOT_CONTEXT, trace, TraceFlags } from '@opentelemetry/api'
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks'
import { expect, onTestFinished, test } from 'vitest'
import { monotonicUs } from '../../../src/instrumentation/profile/monotonic-clock.ts'
import { SpanTimeline } from '../../../src/instrumentation/spans/span-timeline.ts'

function followedTimeline(): SpanTimeline {
  const manager = new AsyncLocalStorageContextManager().enable()
  context.setGlobalContextManager(manager)
  const timeline = new SpanTimeline()
  timeline.follow(manager)
  onTestFinished(() => {
    timeline.stop()
    context.disable()
  })
  return timeline
}

/** In a span of its own and out of it again: two changes. */
function enterSpan(index: number): void {
  const span = trace.wrapSpanContext({
    traceId: '0af7651916cd43dd8448eb211c80319c',
    spanId: (index + 1).toString(16).padStart(16, '0'),
    traceFlags: TraceFlags.SAMPLED
  })
  context.with(trace.setSpan(ROOT_CONTEXT, span), () => {})
}

test('it asks to be taken before it holds many spans in memory, and keeps the last change when it was', () => {
  const timeline = followedTimeline()
  for (let i = 0; i < 10_000; i++) enterSpan(i)
  expect(timeline.crowded).toBe(false)
  for (let i = 0; i < 30_000; i++) enterSpan(i)
  expect(timeline.crowded).toBe(true)
  expect(timeline.changes.length).toBe(1 + 2 * 40_000)

  timeline.forget(monotonicUs())
  expect(timeline.crowded).toBe(false)
  const { slots, length } = timeline.changes
  expect({ length, last: slots[0] }).toEqual({ length: 1, last: undefined })
})

test('when nobody takes it, it begins again, and its newest changes are there', () => {
  const timeline = followedTimeline()
  for (let i = 0; i < 300_000; i++) enterSpan(i)
  const { slots, timesUs, length } = timeline.changes
  expect(length).toBe(1 + 2 * 300_000 - 2 ** 19)
  expect(slots[length - 2]!.spanId).toBe((300_000).toString(16).padStart(16, '0'))
  expect(timesUs[length - 1]! >= timesUs[0]!).toBe(true)
})
