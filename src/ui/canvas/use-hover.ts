// What lies under the pointer on a canvas, and where the pointer is.
import { useEventListener } from '@vueuse/core'
import { shallowRef, watch } from 'vue'
import type { ShallowRef, WatchSource } from 'vue'

export interface Hover {
  /** A row, -1 for none. */
  readonly row: ShallowRef<number>
  readonly at: Readonly<ShallowRef<{ clientX: number; clientY: number }>>
  onMove(event: PointerEvent): void
  onLeave(): void
}

/** @param rowAt -1 where there is none @param picture what moves it under a pointer that rests */
export function useHover(rowAt: (event: MouseEvent) => number, picture: WatchSource[]): Hover {
  const row = shallowRef(-1)
  const leave = () => void (row.value = -1)
  watch(picture, leave)
  useEventListener('scroll', leave, { capture: true, passive: true })
  const at = shallowRef({ clientX: 0, clientY: 0 })
  return {
    row,
    at,
    onMove(event) {
      // A gesture that moves the picture isn't after anything in it.
      row.value = event.buttons === 0 ? rowAt(event) : -1
      at.value = event
    },
    onLeave: leave
  }
}
