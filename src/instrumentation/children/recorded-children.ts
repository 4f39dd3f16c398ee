import type { Announcement } from '../identity/resource.ts'
import type { Settings } from '../options.ts'
import { preloadPath } from '../own-files.ts'
import { traceVariables } from '../spans/starter.ts'
import { childChanges } from './child-environment.ts'
import { watchSpawns } from './spawned-processes.ts'

/** As whose children processes are started from here. */
export interface Parent {
  instanceId: string
  serviceName: string
}

/** Every process that this thread starts from now on knows its parent and, where it is to be recorded, is. */
export function recordChildren(
  settings: Settings,
  announcement: Announcement,
  parent: () => Parent
): () => void {
  return watchSpawns(env => {
    const { trace, stale } = traceVariables()
    return childChanges(env, {
      ...parent(),
      announced: announcement,
      preload: settings.children ? preloadPath : undefined,
      settings: settings.asVariables,
      ingestKey: settings.ingestKey,
      trace,
      staleTrace: stale
    })
  })
}
