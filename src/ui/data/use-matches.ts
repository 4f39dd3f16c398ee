// Which of many texts a typed regular expression matches, found beside the page and given up after a while.
import { onScopeDispose, shallowRef, watch } from 'vue'
import type { ShallowRef } from 'vue'
import { compileSearch } from '../../recording/search.ts'
import type { MatchAnswer, MatchRequest } from './match-worker.ts'
import { startMatchWorker } from './start-worker.ts'

export interface Matches {
  /** 1 for each text that matches; null where nothing is searched for, or no answer is there yet. */
  readonly matches: Readonly<ShallowRef<Uint8Array | null>>
  /** Whether the answer to what is typed now is still to come: `matches` tells of what was typed before. */
  readonly pending: Readonly<ShallowRef<boolean>>
  /** Why there is no answer: not a regular expression, or one that takes too long. */
  readonly problem: Readonly<ShallowRef<string | undefined>>
}

const longestSearchMs = 2_000

/** @param texts the same array as long as it holds the same: it is sent to a worker when it changes */
export function useMatches(texts: () => readonly string[], search: () => string): Matches {
  const matches = shallowRef<Uint8Array | null>(null)
  const pending = shallowRef(false)
  const problem = shallowRef<string>()
  let worker: Worker | undefined
  let timer: ReturnType<typeof setTimeout> | undefined

  function stop(): void {
    clearTimeout(timer)
    worker?.terminate()
    worker = undefined
  }

  function start(): Worker {
    const started = startMatchWorker()
    started.onmessage = ({ data }: MessageEvent<MatchAnswer>) => {
      if (data.search !== search()) return
      clearTimeout(timer)
      pending.value = false
      matches.value = data.matches
    }
    started.postMessage({ texts: [...texts()] } satisfies MatchRequest)
    return started
  }

  watch(
    [texts, search],
    ([, typed], [before]) => {
      clearTimeout(timer)
      const compiled = compileSearch(typed)
      problem.value = compiled.kind === 'invalid' ? compiled.reason : undefined
      pending.value = compiled.kind === 'pattern'
      if (compiled.kind !== 'pattern' || before !== texts()) stop()
      if (compiled.kind !== 'pattern') {
        matches.value = null
        return
      }
      worker ??= start()
      worker.postMessage({ search: typed } satisfies MatchRequest)
      timer = setTimeout(() => {
        stop()
        pending.value = false
        matches.value = null
        problem.value = 'This expression takes too long: make it simpler'
      }, longestSearchMs)
    },
    { immediate: true }
  )
  onScopeDispose(stop)
  return { matches, pending, problem }
}
