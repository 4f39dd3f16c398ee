import { isMainThread } from 'node:worker_threads'
import { messageOf } from '../../base/errors.ts'
import { createInspectorBackend } from './inspector-backend.ts'
import { noticeOnce } from '../notice.ts'
import type { ProfilerBackend } from './profiler-backend.ts'
import { createV8ProfilerBackend } from './v8-profiler-backend.ts'

/**
 * The best sampler that loads here. v8-profiler-next is optional (it compiles at installation) and only for the main
 * thread; Node's own inspector serves otherwise. `name` asks for one of them.
 */
export function createProfilerBackend(name?: ProfilerBackend['name']): ProfilerBackend {
  if (!isMainThread || name === 'inspector') return createInspectorBackend()
  try {
    return createV8ProfilerBackend()
  } catch (error) {
    noticeOnce(
      `microlog: v8-profiler-next can't be used here (${firstLine(messageOf(error))}): sampling with Node's inspector; what helps: docs/limits.md of microlog`
    )
    return createInspectorBackend()
  }
}

function firstLine(text: string): string {
  return text.split('\n', 1)[0]!
}
