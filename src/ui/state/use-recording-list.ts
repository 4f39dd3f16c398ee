// The list of recordings with its filter and what is open: home and the sidebar show the same one, kept fresh.
import { useIntervalFn, useStorage } from '@vueuse/core'
import { computed } from 'vue'
import type { ComputedRef, Ref } from 'vue'
import type { RecordingSummary } from '../../collector/api.ts'
import { buildRecordingRows } from '../data/recording-rows.ts'
import type { TreeRow } from '../data/recording-rows.ts'
import { createTextMatcher } from '../data/text-matcher.ts'
import type { TextMatcher } from '../data/text-matcher.ts'
import { useApi } from '../data/use-api.ts'
import { useFetched } from '../data/use-fetched.ts'
import type { Fetched } from '../data/use-fetched.ts'

export interface RecordingList {
  readonly fetched: Fetched<RecordingSummary[]>
  readonly matcher: ComputedRef<TextMatcher>
  readonly rows: ComputedRef<TreeRow[]>
  readonly live: ComputedRef<number>
  toggle(label: string): void
}

const refreshIntervalMs = 3_000

/** @param filter what was typed: a regular expression */
export function useRecordingList(filter: Readonly<Ref<string>>): RecordingList {
  const api = useApi()
  const fetched = useFetched(signal => api.recordings(signal))
  const closed = useStorage<readonly string[]>('microlog.closed-labels', [], sessionStorage, {
    shallow: true
  })
  const matcher = computed(() => createTextMatcher(filter.value))
  const rows = computed(() =>
    buildRecordingRows(fetched.value.value ?? [], matcher.value.test, label => !closed.value.includes(label))
  )
  useIntervalFn(() => {
    if (document.visibilityState === 'visible' && !fetched.busy.value) void fetched.reload()
  }, refreshIntervalMs)

  return {
    fetched,
    matcher,
    rows,
    live: computed(() => (fetched.value.value ?? []).filter(recording => recording.live).length),
    toggle(label) {
      const { value } = closed
      closed.value = value.includes(label) ? value.filter(other => other !== label) : [...value, label]
    }
  }
}
