import { createRequire } from 'node:module'
import { ProfileOverlap } from './profile-overlap.ts'
import type { ProfilerBackend } from './profiler-backend.ts'
import type { V8Profile } from './v8-profile.ts'

interface V8Profiler {
  setGenerateType(type: 0 | 1): void
  setSamplingInterval(us: number): void
  startProfiling(title: string, recordSamples: boolean, mode: 0 | 1): void
  stopProfiling(title: string): V8Profile & { delete(): void }
  collectSample(): void
}

const lazy = 0

/** The native sampler, main thread only: it crashes workers when they end. Throws where the module isn't installed. */
export function createV8ProfilerBackend(): ProfilerBackend {
  const profiler = createRequire(import.meta.url)('v8-profiler-next') as V8Profiler
  const overlap = new ProfileOverlap({
    firstLine: 1,
    start: title => profiler.startProfiling(title, true, lazy),
    stop(title) {
      const profile = profiler.stopProfiling(title)
      // Else the module keeps it for good.
      profile.delete()
      return profile
    }
  })
  return {
    name: 'v8-profiler-next',
    start(intervalUs) {
      // A tree of nodes in whole seconds otherwise.
      profiler.setGenerateType(1)
      profiler.setSamplingInterval(intervalUs)
      overlap.start()
    },
    prepare: () => overlap.prepare(),
    rotate: () => overlap.rotate(),
    stop: () => overlap.stop(),
    mark: () => profiler.collectSample()
  }
}
