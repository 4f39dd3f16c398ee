// What of one recording is on the screen, and the ways to other parts of a long one.
import { computed, watch } from 'vue'
import type { ComputedRef } from 'vue'
import type { LogLine, RecordingDetail } from '../../collector/api.ts'
import type { Recording } from '../../recording/schema.ts'
import { createStretchChoice, meet, partAround } from '../data/stretch.ts'
import type { Stretch, UnixRange } from '../data/stretch.ts'
import { useApi } from '../data/use-api.ts'
import { useRecordings } from '../data/use-recordings.ts'
import type { Recordings } from '../data/use-recordings.ts'
import { useSelection } from '../state/use-selection.ts'
import { axisRange, unixRange, wantRecording, wholeRange } from './want-recording.ts'
import type { WantedRecording } from './want-recording.ts'

export interface RecordingStretch extends Pick<Recordings<WantedRecording>, 'loading' | 'reload'> {
  readonly detail: ComputedRef<RecordingDetail | undefined>
  readonly stretch: ComputedRef<Stretch | undefined>
  readonly recording: ComputedRef<Recording | undefined>
  /** The times that somebody chose; undefined: all that is on the screen. */
  readonly chosen: ComputedRef<UnixRange | undefined>
  showPart(part: UnixRange): void
  /** The part around a line of the log, with that line selected. */
  showLine(line: LogLine): void
}

/** @param id begins anew where it becomes another one */
export function useRecordingStretch(id: () => string): RecordingStretch {
  const api = useApi()
  const { range, setRange, selectLog } = useSelection()
  let choice = createStretchChoice()
  const { loading, reload, loadPart } = useRecordings<WantedRecording>(signal =>
    wantRecording(api, id(), { choice, range: range.value }, signal)
  )
  watch(
    id,
    () => {
      choice = createStretchChoice()
      reload()
    },
    { immediate: true }
  )
  const wanted = computed(() => (loading.value.state === 'failed' ? undefined : loading.value.detail))
  const detail = computed(() => wanted.value?.detail)
  const stretch = computed(() => wanted.value?.stretch)
  // Somebody looks where nothing is loaded.
  watch(range, next => {
    if (!next || !detail.value || !stretch.value?.isPart) return
    if (!meet(stretch.value, unixRange(next, detail.value))) loadPart()
  })
  function showPart(part: UnixRange): void {
    setRange(axisRange(part, detail.value!), 'push')
  }
  return {
    ...{ loading, reload, detail, stretch, showPart },
    recording: computed(() =>
      loading.value.state === 'ready' ? loading.value.recordings.get(id()) : undefined
    ),
    chosen: computed(() => (range.value && detail.value ? unixRange(range.value, detail.value) : undefined)),
    showLine({ time, uid }) {
      showPart(partAround(time, stretch.value!, wholeRange(detail.value!)))
      selectLog(uid ?? null, 'replace')
    }
  }
}
