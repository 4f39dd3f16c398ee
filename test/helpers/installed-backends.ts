import { createRequire } from 'node:module'
import type { ProfilerBackend } from '../../src/instrumentation/profile/profiler-backend.ts'

/** The samplers that load here: v8-profiler-next is optional, and needs a compiler when it is installed. */
export const installedBackends: ProfilerBackend['name'][] = loads('v8-profiler-next')
  ? ['v8-profiler-next', 'inspector']
  : ['inspector']

function loads(name: string): boolean {
  try {
    createRequire(import.meta.url)(name)
    return true
  } catch {
    return false
  }
}
