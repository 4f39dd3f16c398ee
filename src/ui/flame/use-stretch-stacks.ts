// What the flame graph of a recording is made of: the selection that all views share, and choices of its own, which the
// address keeps.
import { computed } from 'vue'
import type { ComputedRef } from 'vue'
import { setsOfEndpoint } from '../../recording/call-tree.ts'
import { listEndpoints } from '../../recording/flame-calls.ts'
import type { Recording } from '../../recording/schema.ts'
import { sumStacks, weighedThreads } from '../../recording/stack-weights.ts'
import { listSampledThreads } from '../../recording/threads.ts'
import type { Thread } from '../../recording/threads.ts'
import type { FlameFrom, WeighedStacks } from '../../recording/weighed-paths.ts'
import { useAddress } from '../state/address.ts'
import { wholeGraph } from '../state/use-graph-view.ts'
import { useSelection } from '../state/use-selection.ts'

export interface StretchStacks {
  readonly stacks: ComputedRef<WeighedStacks>
  readonly threads: ComputedRef<readonly Thread[]>
  /** Undefined is all of them. */
  readonly thread: ComputedRef<number | undefined>
  readonly endpoints: ComputedRef<readonly string[]>
  /** '' is all of them. */
  readonly endpoint: ComputedRef<string>
  readonly from: ComputedRef<FlameFrom>
  /** What is chosen changes the graph: what was zoomed to is another place there. */
  choose(changes: { thread?: string; endpoint?: string; from?: string }): void
}

export function useStretchStacks(recording: () => Recording): StretchStacks {
  const { range } = useSelection()
  const { query, set } = useAddress()
  const threads = computed(() => listSampledThreads(recording()))
  const endpoints = computed(() => listEndpoints(recording()))
  const thread = computed(() => threads.value.find(({ id }) => String(id) === query.value['thread'])?.id)
  const endpoint = computed(() => endpoints.value.find(name => name === query.value['endpoint']) ?? '')
  const from = computed(() => (query.value['from'] === 'callees' ? 'callees' : 'callers'))
  const stacks = computed((): WeighedStacks => {
    const shown = weighedThreads(recording()).filter(
      ({ id }) => thread.value === undefined || id === thread.value
    )
    const sets = endpoint.value ? setsOfEndpoint(recording(), endpoint.value) : undefined
    return {
      recording: recording(),
      weights: sumStacks(recording(), shown, range.value ?? undefined, sets)
    }
  })
  return {
    ...{ stacks, threads, thread, endpoints, endpoint, from },
    choose: changes => set({ ...wholeGraph, ...changes }, 'push')
  }
}
