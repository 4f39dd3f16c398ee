import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
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

/** What the package puts its own functions around. */
interface Addon {
  setup(data: { debug: boolean; thread_id: number }, check: () => { greater_than_12_15_0: boolean }): void
  cpu: V8Profiler
}

const lazy = 0
const packageName = 'v8-profiler-next'

/** The native sampler, main thread only: it crashes workers when they end. Throws where the module isn't installed. */
export function createV8ProfilerBackend(): ProfilerBackend {
  const profiler = loadProfiler(createRequire(import.meta.url))
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

/**
 * The package finds its addon by a library that builds addons, whose dozens of modules take longer to load than all of
 * ours: where the addon is in its usual place, it is loaded from there.
 */
function loadProfiler(require: NodeJS.Require): V8Profiler {
  const { platform, arch, versions } = process
  const folder = dirname(require.resolve(packageName))
  const built = `build/binding/Release/node-v${versions.modules}-${platform}-${arch}/profiler.node`
  let addon: Addon
  try {
    addon = require(join(folder, built)) as Addon
  } catch {
    return require(packageName) as V8Profiler
  }
  addon.setup({ debug: false, thread_id: 0 }, () => ({ greater_than_12_15_0: true }))
  return addon.cpu
}
