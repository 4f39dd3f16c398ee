// One side of a comparison: each counts its time from its own start, since years may lie between them.
import { computed, shallowRef, watch } from 'vue'
import type { ComputedRef, ShallowRef } from 'vue'
import type { Recording } from '../../recording/schema.ts'
import { createStretchChoice } from '../data/stretch.ts'
import { useApi } from '../data/use-api.ts'
import { useRecordings } from '../data/use-recordings.ts'
import type { Loading } from '../data/use-recordings.ts'
import { wantRecording } from './want-recording.ts'
import type { WantedRecording } from './want-recording.ts'

export interface ComparedRecording {
  readonly loading: Readonly<ShallowRef<Loading<WantedRecording>>>
  /** Undefined until it is there, and where nothing was recorded yet. */
  readonly recording: ComputedRef<Recording | undefined>
  /** Where only its newest part is compared, since all of it would be too much for a page: how long both are, ms. */
  readonly part: ComputedRef<{ shownMs: number; wholeMs: number } | undefined>
  /** service.version; '' where it has none. */
  readonly version: ComputedRef<string>
  reload(): void
}

/** @param id undefined: nothing is loaded, what is there stays */
export function useComparedRecording(id: () => string | undefined): ComparedRecording {
  const api = useApi()
  const wanted = shallowRef('')
  let choice = createStretchChoice()
  const { loading, reload } = useRecordings<WantedRecording>(signal =>
    wantRecording(api, wanted.value, { choice, range: null }, signal)
  )
  watch(
    id,
    next => {
      if (!next || next === wanted.value) return
      wanted.value = next
      choice = createStretchChoice()
      reload()
    },
    { immediate: true }
  )
  const ready = computed(() => (loading.value.state === 'ready' ? loading.value : undefined))
  return {
    loading,
    recording: computed(() => ready.value?.recordings.get(wanted.value)),
    part: computed(() => {
      const { stretch, detail } = ready.value?.detail ?? {}
      if (!detail || !stretch?.isPart) return undefined
      return { shownMs: stretch.to - stretch.from, wholeMs: detail.durationMs }
    }),
    version: computed(() => ready.value?.detail?.detail.resource['service.version'] ?? ''),
    reload
  }
}
