// The list of recordings with its filter and what is open: home and the sidebar show the same one, kept fresh.
import { useIntervalFn, useStorage } from '@vueuse/core'
import { computed } from 'vue'
import type { ComputedRef, Ref, ShallowRef } from 'vue'
import type { RecordingSummary } from '../../collector/api.ts'
import { buildRecordingRows, recordingText } from '../data/recording-rows.ts'
import type { TreeRow } from '../data/recording-rows.ts'
import { useApi } from '../data/use-api.ts'
import { useFetched } from '../data/use-fetched.ts'
import type { Fetched } from '../data/use-fetched.ts'
import { useTextFilter } from '../data/use-text-filter.ts'

export interface RecordingList {
  readonly fetched: Fetched<RecordingSummary[]>
  /** Why what was typed is taken as plain text. */
  readonly problem: Readonly<ShallowRef<string | undefined>>
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
  // Kept while a refresh brings the same: what is searched is sent to a worker.
  const texts = computed((known?: readonly string[]) => {
    const texts = (fetched.value.value ?? []).map(recordingText)
    return known?.length === texts.length && known.every((text, i) => text === texts[i]) ? known : texts
  })
  const { matches, problem } = useTextFilter(
    () => texts.value,
    () => filter.value
  )
  const rows = computed(() =>
    buildRecordingRows(fetched.value.value ?? [], matches.value, label => !closed.value.includes(label))
  )
  useIntervalFn(() => {
    if (document.visibilityState === 'visible' && !fetched.busy.value) void fetched.reload()
  }, refreshIntervalMs)

  return {
    fetched,
    problem,
    rows,
    live: computed(() => (fetched.value.value ?? []).filter(recording => recording.live).length),
    toggle(label) {
      const { value } = closed
      closed.value = value.includes(label) ? value.filter(other => other !== label) : [...value, label]
    }
  }
}
