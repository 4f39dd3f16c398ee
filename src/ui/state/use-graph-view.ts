// What is looked at in a flame graph whose width is no time: kept in the address, as the selection is on a time axis.
import { computed } from 'vue'
import type { ComputedRef } from 'vue'
import type { Calls } from '../../recording/calls.ts'
import type { TimeRange } from '../../recording/time-range.ts'
import { useAddress } from './address.ts'
import { callAtPick } from './call-at-pick.ts'
import { formatPlace, formatStretch, parsePlace, parseStretch } from './graph-address.ts'
import type { Keep } from './use-selection.ts'

export interface GraphView {
  /** What of the width is shown; undefined: all of it. */
  readonly zoomed: ComputedRef<TimeRange | undefined>
  /** Row of `calls`, -1 for none. */
  readonly selected: ComputedRef<number>
  zoom(range: TimeRange | undefined, keep?: Keep): void
  select(call: number): void
}

/** What an address says once another graph is shown. */
export const wholeGraph = { zoom: '', call: '' }

export function useGraphView(calls: () => Calls, extent: () => TimeRange): GraphView {
  const { query, set } = useAddress()
  return {
    zoomed: computed(() => parseStretch(query.value['zoom'], extent())),
    selected: computed(() => {
      const place = parsePlace(query.value['call'])
      return place ? callAtPick(calls(), { thread: 0, depth: place.depth, time: place.at }) : -1
    }),
    zoom(range, keep = 'push') {
      const { from, to } = extent()
      const isAll = !range || (range.from <= from && range.to >= to)
      set({ zoom: isAll ? '' : formatStretch(range) }, keep)
    },
    select(call) {
      if (call < 0) return set({ call: '' })
      const { start, end, depth } = calls()
      set({ call: formatPlace({ depth: depth[call]!, at: (start[call]! + end[call]!) / 2 }) })
    }
  }
}
