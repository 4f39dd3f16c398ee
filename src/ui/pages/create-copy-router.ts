// The pages of one recording that was saved with its screens. The addresses of lists lead to what there is.
import type { Router } from 'vue-router'
import { createPageRouter, nowherePath, recordingRoute, traceRoute } from './page-router.ts'

export function createCopyRouter(id: string): Router {
  const recording = (tab: string) => ({ name: 'recording', params: { id, tab } })
  return createPageRouter([
    recordingRoute,
    traceRoute,
    { path: '/traces', redirect: recording('traces') },
    { path: '/logs', redirect: recording('log') },
    { path: '/flame', redirect: recording('flame') },
    { path: nowherePath, redirect: recording('timeline') }
  ])
}
