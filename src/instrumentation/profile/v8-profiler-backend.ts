import { ProfileOverlap } from './profile-overlap.ts'
import type { ProfilerBackend } from './profiler-backend.ts'
import { loadV8Profiler } from './v8-profiler-addon.ts'

const lazy = 0

/** The native sampler, main thread only: it crashes workers when they end. Throws where the module isn't installed. */
export function createV8ProfilerBackend(): ProfilerBackend {
  const profiler = loadV8Profiler()
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
