// What the flame graph shows: the selection that all views share, and choices of its own, which the address keeps.
import { computed } from 'vue'
import type { ComputedRef } from 'vue'
import { setsOfEndpoint } from '../../recording/call-tree.ts'
import type { Calls } from '../../recording/calls.ts'
import { buildFlameCalls, listEndpoints } from '../../recording/flame-calls.ts'
import { internalFrames } from '../../recording/frame-names.ts'
import type { Recording } from '../../recording/schema.ts'
import { frameTexts } from '../../recording/search.ts'
import { sumStacks, weighedThreads } from '../../recording/stack-weights.ts'
import { listSampledThreads } from '../../recording/threads.ts'
import type { Thread } from '../../recording/threads.ts'
import { useMatches } from '../data/use-matches.ts'
import type { Matches } from '../data/use-matches.ts'
import { useAddress } from '../state/address.ts'
import { wholeGraph } from '../state/use-graph-view.ts'
import { useSelection } from '../state/use-selection.ts'

export interface Flame {
  /** Widths are ns. */
  readonly calls: ComputedRef<Calls>
  /** ns of all that is shown. */
  readonly whole: ComputedRef<number>
  readonly threads: ComputedRef<readonly Thread[]>
  /** Undefined is all of them. */
  readonly thread: ComputedRef<number | undefined>
  readonly endpoints: ComputedRef<readonly string[]>
  /** '' is all of them. */
  readonly endpoint: ComputedRef<string>
  readonly from: ComputedRef<'callers' | 'callees'>
  readonly ownOnly: ComputedRef<boolean>
  readonly search: Matches
  /** What is chosen changes the graph: what was zoomed to is another place there. */
  choose(changes: { thread?: string; endpoint?: string; from?: string }): void
  setOwnOnly(own: boolean): void
}

export function useFlame(recording: () => Recording): Flame {
  const { range, hide, search, setHide } = useSelection()
  const { query, set } = useAddress()
  const threads = computed(() => listSampledThreads(recording()))
  const endpoints = computed(() => listEndpoints(recording()))
  const thread = computed(() => threads.value.find(({ id }) => String(id) === query.value['thread'])?.id)
  const endpoint = computed(() => endpoints.value.find(name => name === query.value['endpoint']) ?? '')
  const from = computed(() => (query.value['from'] === 'callees' ? 'callees' : 'callers'))
  const ownOnly = computed(() => hide.value.includes('internals'))
  const weights = computed(() => {
    const shown = weighedThreads(recording()).filter(
      ({ id }) => thread.value === undefined || id === thread.value
    )
    const sets = endpoint.value ? setsOfEndpoint(recording(), endpoint.value) : undefined
    return sumStacks(recording(), shown, range.value ?? undefined, sets)
  })
  const hidden = computed(() => (ownOnly.value ? internalFrames(recording()) : undefined))
  const calls = computed(() =>
    buildFlameCalls(recording(), weights.value, { from: from.value, hidden: hidden.value })
  )
  const texts = computed(() => frameTexts(recording()))
  return {
    calls,
    whole: computed(() => calls.value.end.reduce((most, end) => Math.max(most, end), 0)),
    ...{ threads, thread, endpoints, endpoint, from, ownOnly },
    search: useMatches(
      () => texts.value,
      () => search.value
    ),
    choose: changes => set({ ...wholeGraph, ...changes }, 'push'),
    setOwnOnly(own) {
      set(wholeGraph)
      const others = hide.value.filter(word => word !== 'internals')
      setHide(own ? [...others, 'internals'] : others)
    }
  }
}
