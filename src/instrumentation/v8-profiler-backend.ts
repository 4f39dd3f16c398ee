import { createRequire } from 'node:module'
import type { CapturedProfile, ProfilerBackend } from './profiler-backend.ts'
import { capturedFromV8, type V8Profile } from './v8-profile.ts'

interface V8Profiler {
  setGenerateType(type: 0 | 1): void
  setSamplingInterval(us: number): void
  startProfiling(title: string, recordSamples: boolean, mode: 0 | 1): void
  stopProfiling(title: string): V8Profile & { delete(): void }
  collectSample(): void
}

// V8 keeps every title it has seen until the profiler goes: two are enough, and one must not follow itself.
const titles = ['microlog-a', 'microlog-b'] as const

/**
 * The native sampler, main thread only: it crashes workers when they end. The next profile starts before the last one
 * stops, so no sample is missing between them, and V8 needn't walk the heap again. Throws where the module isn't installed.
 */
export function createV8ProfilerBackend(): ProfilerBackend {
  const profiler = createRequire(import.meta.url)('v8-profiler-next') as V8Profiler
  let turn = 0
  let running = false
  let lastUs = -Infinity

  const start = (): void => profiler.startProfiling(titles[turn & 1]!, true, 0)

  const take = (title: string): CapturedProfile => {
    const profile = profiler.stopProfiling(title)
    const captured = capturedFromV8(profile, 1, lastUs)
    profile.delete()
    lastUs = captured.monotonicUs.at(-1) ?? lastUs
    return captured
  }

  return {
    name: 'v8-profiler-next',
    start(intervalUs) {
      if (running) return
      profiler.setGenerateType(1)
      profiler.setSamplingInterval(intervalUs)
      start()
      running = true
    },
    rotate() {
      if (!running) return undefined
      const last = titles[turn & 1]!
      turn++
      start()
      return take(last)
    },
    mark() {
      if (running) profiler.collectSample()
    },
    stop() {
      if (!running) return undefined
      running = false
      return take(titles[turn++ & 1]!)
    }
  }
}
