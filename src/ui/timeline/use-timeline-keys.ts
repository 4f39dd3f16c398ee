// The keyboard of the timeline, wherever the focus is but in a field.
import { useEventListener } from '@vueuse/core'
import type { ShallowRef } from 'vue'
import type { TimeRange } from '../../recording/time-range.ts'
import { keepAfterKey, rangeAfterKey } from '../canvas/range-after-key.ts'
import { isField } from '../widgets/is-field.ts'
import type { Timeline } from './use-timeline.ts'

export const timelineKeys: readonly { keys: readonly string[]; what: string }[] = [
  { keys: ['W', 'S'], what: 'zoom in and out, as does the wheel with ctrl' },
  { keys: ['A', 'D'], what: 'go left and right' },
  { keys: ['F'], what: 'fit what is selected' },
  { keys: ['0'], what: 'show everything' },
  { keys: ['Backspace'], what: 'back to what was shown before' },
  { keys: ['/'], what: 'search' },
  { keys: ['n', 'N'], what: 'next and previous match' },
  { keys: ['←', '↑', '→', '↓'], what: 'walk the calls of a chart that has the focus' },
  { keys: ['Enter'], what: 'zoom to the call there' },
  { keys: ['Esc'], what: 'close what lies on top' },
  { keys: ['?'], what: 'these keys' }
]

/** @param keysShown whether the list of keys lies on top */
export function useTimelineKeys(
  timeline: Timeline,
  keysShown: ShallowRef<boolean>,
  step: (by: 1 | -1) => void
): void {
  const { range, extent, hover, selection } = timeline

  // A field keeps its keys, but what lies on top goes before what is typed there.
  useEventListener(
    'keydown',
    event => {
      if (event.key !== 'Escape' || !isField(event.target) || !hasPopup(timeline, keysShown.value)) return
      if (keysShown.value) keysShown.value = false
      else closeOne(timeline)
      event.stopPropagation()
    },
    { capture: true }
  )

  useEventListener('keydown', event => {
    if (event.ctrlKey || event.metaKey || event.altKey || isField(event.target)) return
    if (event.key === 'n' || event.key === 'N') step(event.key === 'n' ? 1 : -1)
    else if (event.key === '?') keysShown.value = !keysShown.value
    else if (event.key === 'Escape' && keysShown.value) keysShown.value = false
    else if (event.key === 'Backspace') selection.stepBack()
    else if (event.key === 'Escape') closeOne(timeline)
    else {
      const next = rangeAfterKey(event.key, range.value, extent.value, hover.value, selectedRange(timeline))
      if (next === undefined) return
      selection.setRange(next, keepAfterKey(event.key))
    }
    event.preventDefault()
  })
}

function hasPopup({ selectedCall, selectedLog, selectedSpan }: Timeline, keysShown: boolean): boolean {
  return keysShown || selectedCall.value !== null || selectedLog.value >= 0 || selectedSpan.value >= 0
}

/** What lies on top goes first: the popup, with what it shows, then the search. */
function closeOne({ selectedCall, selectedLog, selectedSpan, selection }: Timeline): void {
  if (selectedCall.value || selectedLog.value >= 0) selection.selectCall(null)
  else if (selectedSpan.value >= 0) selection.selectSpan(null)
  else selection.setSearch('')
}

function selectedRange({ selectedCall, selectedSpan, callsOf, recording }: Timeline): TimeRange | undefined {
  const pick = selectedCall.value
  if (pick) {
    const { start, end } = callsOf(pick.thread)
    return { from: start[pick.call]!, to: end[pick.call]! }
  }
  if (selectedSpan.value < 0) return undefined
  const { start, end } = recording.value.spans
  return { from: start[selectedSpan.value]!, to: end[selectedSpan.value]! }
}
