import { isRestricted } from '../node-options.ts'
import type { Announcement } from '../identity/resource.ts'
import { noticeOnce } from '../notice.ts'
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

const unknownToChildren =
  'microlog: expressions and functions in `redact` hold for this process only: what its children are to mask needs names, in code or by MICROLOG_REDACT'

/** Every process that this thread starts from now on knows its parent and, where it is to be recorded, is. */
export function recordChildren(
  settings: Settings,
  announcement: Announcement,
  parent: () => Parent
): () => void {
  return watchSpawns((env, words) => {
    const { trace, stale } = traceVariables()
    const isRecorded = settings.children && !isRestricted([...words, env.NODE_OPTIONS ?? ''])
    if (isRecorded && settings.redact.some(rule => typeof rule !== 'string')) noticeOnce(unknownToChildren)
    return childChanges(env, {
      ...parent(),
      announced: announcement,
      preload: isRecorded ? preloadPath : undefined,
      own: process.env,
      settings: settings.asVariables,
      ingestKey: settings.ingestKey,
      trace,
      staleTrace: stale
    })
  })
}
