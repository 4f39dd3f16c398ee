// How many rows of a flame chart are shown: as many as the calls on the screen are deep, and not more than fit well
// unless somebody asks for all.
import { refDebounced } from '@vueuse/core'
import { computed, shallowRef } from 'vue'
import type { ComputedRef, ShallowRef } from 'vue'
import { firstEndingAfter } from '../../recording/flame-layout.ts'
import type { Lanes } from '../../recording/flame-layout.ts'
import type { TimeRange } from '../../recording/time-range.ts'

/** The number of lanes that have bars in the range; what is below a lane without any has none either. */
export function depthIn(lanes: Lanes, range: TimeRange): number {
  for (let lane = lanes.count - 1; lane >= 0; lane--) {
    const at = firstEndingAfter(lanes, lane, range.from)
    if (at < lanes.first[lane + 1]! && lanes.start[at]! < range.to) return lane + 1
  }
  return 0
}

const mostRows = 32
/** Nothing moves up and down while somebody drags. */
const settledMs = 250

export interface ShownRows {
  readonly count: ComputedRef<number>
  /** All there are on the screen. */
  readonly depth: ComputedRef<number>
  readonly isCapped: ComputedRef<boolean>
  readonly showsAll: ShallowRef<boolean>
}

/** @param fits whether it follows the range; all rows are shown otherwise @param selected lane of the selected call, or -1 */
export function useShownRows(
  lanes: ComputedRef<Lanes>,
  range: () => TimeRange,
  selected: () => number,
  fits: () => boolean
): ShownRows {
  const settled = refDebounced(computed(range), settledMs)
  const showsAll = shallowRef(false)
  const depth = computed(() => (fits() ? depthIn(lanes.value, settled.value) : lanes.value.count))
  const most = computed(() => (fits() && !showsAll.value ? mostRows : Infinity))
  return {
    depth,
    showsAll,
    isCapped: computed(() => depth.value > most.value),
    count: computed(() => Math.max(1, Math.min(depth.value, most.value), selected() + 1))
  }
}
