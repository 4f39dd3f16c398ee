import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { threadId } from 'node:worker_threads'
import type { V8Profile } from './v8-profile.ts'

/** Titles tell profiles apart; samples are recorded where that is true. */
export interface V8Profiler {
  setGenerateType(type: 0 | 1): void
  setSamplingInterval(us: number): void
  startProfiling(title: string, recordSamples: boolean, mode: 0 | 1): void
  stopProfiling(title: string): V8Profile & { delete(): void }
  collectSample(): void
  startSamplingHeapProfiling(intervalBytes: number, depth: number): void
}

interface Addon {
  readonly cpu: Omit<V8Profiler, 'startSamplingHeapProfiling'>
  readonly samplingHeap: Pick<V8Profiler, 'startSamplingHeapProfiling'>
  setup(options: { debug: boolean; thread_id: number }, check: () => { greater_than_12_15_0: boolean }): void
}

/**
 * The sampler of v8-profiler-next. The package finds its own addon by some forty modules of its installer, which cost more
 * than all of ours: where the addon is known to stand, it is loaded without them. Throws where it isn't installed.
 */
export function loadV8Profiler(): V8Profiler {
  // Here: a CommonJS bundle has no such URL.
  const require = createRequire(import.meta.url)
  const entry = require.resolve('v8-profiler-next')
  const { platform, arch, versions } = process
  const build = `node-v${versions.modules}-${platform}-${arch}`
  const path = join(dirname(entry), 'build/binding/Release', build, 'profiler.node')
  if (!existsSync(path)) return require(entry) as V8Profiler
  const addon = require(path) as Addon
  // As the package does.
  addon.setup({ debug: false, thread_id: threadId }, () => ({ greater_than_12_15_0: true }))
  return { ...addon.cpu, ...addon.samplingHeap }
}
