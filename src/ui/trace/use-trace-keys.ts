// The keyboard of the trace page, wherever the focus is but in a field; the tree and the chart keep the arrows for
// themselves.
import { useEventListener } from '@vueuse/core'
import type { ShallowRef } from 'vue'
import type { TimeRange } from '../../recording/time-range.ts'
import { keepAfterKey, rangeAfterKey } from '../canvas/range-after-key.ts'
import { isField } from '../widgets/is-field.ts'

export const traceKeys: readonly { keys: readonly string[]; what: string }[] = [
  { keys: ['W', 'S'], what: 'zoom in and out, as does the wheel with ctrl' },
  { keys: ['A', 'D'], what: 'go left and right' },
  { keys: ['F'], what: 'fit the selected span' },
  { keys: ['0'], what: 'show everything' },
  { keys: ['/'], what: 'search' },
  { keys: ['↑', '↓'], what: 'select a span, where the spans have the focus' },
  { keys: ['←', '→'], what: 'fold it, and unfold it' },
  { keys: ['Enter'], what: 'zoom to it' },
  { keys: ['Esc'], what: 'close these keys, clear the search' },
  { keys: ['?'], what: 'these keys' }
]

export interface TraceAxisState {
  range(): TimeRange
  extent(): TimeRange
  /** Zooming keeps this time in its place. */
  hover(): number | undefined
  selected(): TimeRange
  setRange(range: TimeRange | null, keep: 'replace' | 'push'): void
  clearSearch(): void
}

export function useTraceKeys(axis: TraceAxisState, keysShown: ShallowRef<boolean>): void {
  useEventListener('keydown', event => {
    if (event.ctrlKey || event.metaKey || event.altKey || isField(event.target)) return
    if (event.key === '?') keysShown.value = !keysShown.value
    else if (event.key === 'Escape' && keysShown.value) keysShown.value = false
    else if (event.key === 'Escape') axis.clearSearch()
    else {
      const next = rangeAfterKey(event.key, axis.range(), axis.extent(), axis.hover(), axis.selected())
      if (next === undefined) return
      axis.setRange(next, keepAfterKey(event.key))
    }
    event.preventDefault()
  })
}
