// Where a list is scrolled to, kept with the entry of the history that shows it: Back and reload return there. The page
// itself never scrolls, so that neither the browser nor the router does this.
import { useDebounceFn, useEventListener } from '@vueuse/core'
import { watch } from 'vue'
import type { ShallowRef } from 'vue'

/** Browsers refuse more than about 200 history writes in 30 s. */
const settledMs = 200

/** @param list there once it has all that it had before */
export function useScrollPlace(list: Readonly<ShallowRef<HTMLElement | null>>): void {
  const keep = useDebounceFn((entry: unknown, scrolled: number) => {
    // Who has left in the meantime writes into nobody else's entry.
    if (positionOf(history.state) === positionOf(entry))
      history.replaceState({ ...history.state, scrolled }, '')
  }, settledMs)
  watch(
    list,
    element => {
      const { scrolled } = (history.state ?? {}) as { scrolled?: unknown }
      if (element && typeof scrolled === 'number') element.scrollTop = scrolled
    },
    { flush: 'post' }
  )
  useEventListener(list, 'scroll', () => void keep(history.state, list.value?.scrollTop ?? 0), {
    passive: true
  })
}

/** As the router numbers its entries. */
function positionOf(state: unknown): unknown {
  return (state as { position?: unknown } | null)?.position
}
