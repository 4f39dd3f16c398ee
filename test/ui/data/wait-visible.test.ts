import { getEventListeners } from 'node:events'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { waitVisible } from '../../../src/ui/data/wait-visible.ts'

const page = Object.assign(new EventTarget(), { visibilityState: 'visible' })

function show(visibilityState: 'visible' | 'hidden'): void {
  page.visibilityState = visibilityState
  page.dispatchEvent(new Event('visibilitychange'))
}

/** Whether it has come to its end, and what still listens. */
async function stateOf(waiting: Promise<void>, signal: AbortSignal): Promise<[boolean, number]> {
  const ended = await Promise.race([waiting.then(() => true), Promise.resolve().then(() => false)])
  return [
    ended,
    getEventListeners(signal, 'abort').length + getEventListeners(page, 'visibilitychange').length
  ]
}

beforeEach(() => {
  vi.useFakeTimers()
  vi.stubGlobal('document', page)
  page.visibilityState = 'visible'
})
afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

test('waits so long, and on while nobody looks', async () => {
  const { signal } = new AbortController()
  const waiting = waitVisible(2_000, signal)
  await vi.advanceTimersByTimeAsync(1_999)
  show('hidden')
  await vi.advanceTimersByTimeAsync(60_000)
  expect((await stateOf(waiting, signal))[0]).toBe(false)
  show('visible')
  expect(await stateOf(waiting, signal)).toEqual([true, 0])
})

test('nothing listens when the wait is over: one signal lives through thousands of them', async () => {
  const { signal } = new AbortController()
  for (let i = 0; i < 3; i++) {
    const waiting = waitVisible(2_000, signal)
    await vi.advanceTimersByTimeAsync(2_000)
    expect(await stateOf(waiting, signal)).toEqual([true, 0])
  }
})

test('an abort ends it at once, also while nobody looks', async () => {
  for (const ms of [100, 5_000]) {
    const controller = new AbortController()
    const waiting = waitVisible(2_000, controller.signal)
    show('hidden')
    await vi.advanceTimersByTimeAsync(ms)
    controller.abort()
    expect(await stateOf(waiting, controller.signal)).toEqual([true, 0])
  }
})
