// The call graph of what is looked at. Samples are weighed once a recording, a thread at a time with the page's other work
// in between; a change of what is shown asks only the sums.
import { computed, onScopeDispose, shallowRef, watch } from 'vue'
import type { ComputedRef } from 'vue'
import { codePartsOf } from '../../recording/code-parts.ts'
import type { CodeParts } from '../../recording/code-parts.ts'
import { buildDesignGraph, sumFunctions } from '../../recording/design-graph.ts'
import type { DesignGraph } from '../../recording/design-graph.ts'
import { nearOwners } from '../../recording/near-owners.ts'
import type { CutChoice } from '../../recording/part-cut.ts'
import type { Recording } from '../../recording/schema.ts'
import { sumStacks, weighThreads } from '../../recording/stack-weights.ts'
import type { WeighedThread } from '../../recording/stack-weights.ts'
import { listThreads } from '../../recording/threads.ts'
import { nextTask } from '../data/next-task.ts'
import { useMatches } from '../data/use-matches.ts'
import type { Matches } from '../data/use-matches.ts'
import { frameTexts } from '../../recording/search.ts'
import { useSelection } from '../state/use-selection.ts'
import { hiddenByDefault } from '../state/visible-threads.ts'
import type { DesignAddress } from './use-design-address.ts'

interface Prepared {
  readonly recording: Recording
  readonly code: CodeParts
  readonly threads: readonly WeighedThread[]
}

export interface Design extends Prepared {
  readonly graph: DesignGraph
  /** How many packages are left out because the program's own code doesn't touch them. */
  readonly far: number
}

export interface DesignState {
  /** Undefined until the recording has been read. */
  readonly design: ComputedRef<Design | undefined>
  /** Of the functions, by part; asked where a part is selected. */
  readonly functions: ComputedRef<ReturnType<typeof sumFunctions> | undefined>
  /** By node: 1 where a function in it was found; null where nothing is searched for. */
  readonly found: ComputedRef<Uint8Array | null>
  readonly search: Matches
  /** Sampled threads that are shown, and all of them. */
  readonly threads: ComputedRef<{ shown: number; all: number }>
}

/** 'near' as well where there is nothing to be near to. */
const hiddenOwners = { near: 'node', own: 'others', packages: 'node', node: 'nothing' } as const

export function useDesign(
  recording: () => Recording,
  { level, open, shown: wanted }: DesignAddress
): DesignState {
  const { range, search, hiddenThreads } = useSelection()
  const prepared = shallowRef<Prepared>()
  let isGone = false
  onScopeDispose(() => (isGone = true))
  watch(recording, read, { immediate: true })

  async function read(next: Recording): Promise<void> {
    const threads: WeighedThread[] = []
    for (const thread of weighThreads(next)) {
      threads.push(thread)
      await nextTask()
      if (isGone || next !== recording()) return
    }
    const code = codePartsOf(next)
    await nextTask()
    if (!isGone && next === recording()) prepared.value = Object.freeze({ recording: next, code, threads })
  }

  const hidden = computed(
    () =>
      hiddenThreads.value ?? (prepared.value ? hiddenByDefault(listThreads(prepared.value.recording)) : [])
  )
  const shown = computed(() => prepared.value?.threads.filter(({ id }) => !hidden.value.includes(id)) ?? [])
  const weights = computed(
    () => prepared.value && sumStacks(prepared.value.recording, shown.value, range.value ?? undefined)
  )
  const near = computed(
    () =>
      prepared.value &&
      weights.value &&
      nearOwners(prepared.value.recording, prepared.value.code, weights.value)
  )
  const design = computed(() => {
    if (!prepared.value || !weights.value) return undefined
    const { recording, code } = prepared.value
    const beside = wanted.value === 'near' ? near.value : undefined
    const hidden: CutChoice['hide'] = beside?.near ?? hiddenOwners[wanted.value]
    const choice = { level: level.value, open: new Set(open.value), hide: hidden }
    return Object.freeze({
      ...prepared.value,
      graph: buildDesignGraph(recording, code, weights.value, choice),
      far: beside?.far ?? 0
    })
  })
  const texts = computed(() => (prepared.value ? frameTexts(prepared.value.recording) : []))
  const matching = useMatches(
    () => texts.value,
    () => search.value
  )
  return {
    design,
    functions: computed(
      () =>
        prepared.value &&
        weights.value &&
        sumFunctions(prepared.value.recording, prepared.value.code, weights.value)
    ),
    found: computed(() => {
      const matches = matching.matches.value
      if (!design.value || !matches || matches.length !== texts.value.length) return null
      return nodesFound(design.value, matches)
    }),
    search: matching,
    threads: computed(() => ({ shown: shown.value.length, all: prepared.value?.threads.length ?? 0 }))
  }
}

/** @param matches by frame */
function nodesFound({ code, graph }: Design, matches: Uint8Array): Uint8Array {
  const found = new Uint8Array(graph.nodes.length)
  code.ofFrame.forEach((row, frame) => {
    const node = row < 0 ? -1 : graph.nodeOf[row]!
    if (node >= 0 && matches[frame] === 1) found[node] = 1
  })
  return found
}
