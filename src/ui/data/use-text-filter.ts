// What people type to filter a list: a regular expression, tested beside the page. One that isn't valid (yet), or that
// takes too long, is taken as plain text.
import { computed, shallowRef, watch } from 'vue'
import type { ComputedRef, ShallowRef } from 'vue'
import { useMatches } from './use-matches.ts'

export interface TextFilter {
  /** Why it isn't a regular expression that is used. */
  readonly problem: Readonly<ShallowRef<string | undefined>>
  readonly matches: ComputedRef<(text: string) => boolean>
}

/** @param texts the same array as long as it holds the same */
export function useTextFilter(texts: () => readonly string[], typed: () => string): TextFilter {
  const { matches, problem } = useMatches(texts, typed)
  const found = shallowRef<ReadonlySet<string>>()
  // An answer is about the texts of its time: by index it would soon mean others.
  watch(
    matches,
    answer => (found.value = answer ? new Set(texts().filter((_, i) => answer[i] === 1)) : undefined),
    { flush: 'sync' }
  )
  return { problem, matches: computed(() => textTest(typed(), problem.value, found.value)) }
}

/**
 * @param problem why what was typed is plain text
 * @param found those that it matches; undefined while there is no answer
 */
export function textTest(
  typed: string,
  problem: string | undefined,
  found: ReadonlySet<string> | undefined
): (text: string) => boolean {
  if (problem === undefined) return text => typed === '' || !found || found.has(text)
  const literal = typed.toLowerCase()
  return text => text.toLowerCase().includes(literal)
}
