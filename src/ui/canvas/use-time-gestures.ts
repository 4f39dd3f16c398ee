// Pointer and wheel over a time axis: drag brushes, shift-drag and shift-wheel pan, ctrl-wheel zooms at the pointer;
// fingers are use-touch-gestures.ts's.
// One element around all that shares the axis listens, so that everything moves together.
import { useEventListener } from '@vueuse/core'
import { shallowRef } from 'vue'
import type { ShallowRef } from 'vue'
import { clamp } from '../../base/units.ts'
import type { TimeRange } from '../../recording/time-range.ts'
import { panRange, timeAt, zoomRange } from './time-scale.ts'
import { useTouchGestures } from './use-touch-gestures.ts'

export interface TimeGestures {
  /** The time under the pointer, undefined while it is elsewhere. */
  readonly hover: Readonly<ShallowRef<number | undefined>>
  /** What is being brushed; undefined when nothing is. */
  readonly brush: Readonly<ShallowRef<TimeRange | undefined>>
}

export interface TimeAxis {
  range(): TimeRange
  extent(): TimeRange
  /** CSS pixels at the left of the element that aren't on the axis. */
  readonly gutter: number
  /** 'replace' while a gesture runs, 'push' when it is done. */
  setRange(range: TimeRange, keep: 'replace' | 'push'): void
  /** Takes the time under the pointer; one is made where it isn't given. */
  readonly hover?: ShallowRef<number | undefined>
}

/** CSS pixels that a pointer may move in a click. */
const clickSlop = 4

interface Drag {
  readonly x: number
  readonly range: TimeRange
  readonly pans: boolean
  moved: boolean
}

export function useTimeGestures(
  element: Readonly<ShallowRef<HTMLElement | null>>,
  axis: TimeAxis
): TimeGestures {
  const hover = axis.hover ?? shallowRef<number>()
  const brush = shallowRef<TimeRange>()
  let drag: Drag | undefined

  const plot = (): { left: number; width: number } => {
    const box = element.value!.getBoundingClientRect()
    return { left: box.left + axis.gutter, width: Math.max(1, element.value!.clientWidth - axis.gutter) }
  }
  const timeOf = (event: MouseEvent, range = axis.range()): number => {
    const { left, width } = plot()
    return timeAt(range, width, event.clientX - left)
  }
  const isOnAxis = (event: MouseEvent): boolean => {
    const { left, width } = plot()
    return event.clientX >= left && event.clientX <= left + width
  }

  const takes = (event: MouseEvent): boolean => isOnAxis(event) && !isControl(event.target)

  useTouchGestures(element, {
    range: () => axis.range(),
    extent: () => axis.extent(),
    plot,
    takes,
    setRange: axis.setRange,
    onMoved: event => ignoreNextClick(event.timeStamp)
  })

  useEventListener(
    element,
    'wheel',
    event => {
      if (!isOnAxis(event)) return
      const range = axis.range()
      const across = event.shiftKey && event.deltaX === 0 ? event.deltaY : event.deltaX
      if (event.ctrlKey || event.metaKey) {
        const factor = Math.exp(-clamp(event.deltaY, -200, 200) / 250)
        axis.setRange(zoomRange(range, factor, timeOf(event), axis.extent()), 'replace')
      } else if (event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY)) {
        const by = (across / plot().width) * (range.to - range.from)
        axis.setRange(panRange(range, by, axis.extent()), 'replace')
      } else return
      event.preventDefault()
    },
    { passive: false }
  )

  useEventListener(element, 'pointerdown', event => {
    if (event.button > 1 || isTouch(event) || !takes(event)) return
    drag = { x: event.clientX, range: axis.range(), pans: event.shiftKey || event.button === 1, moved: false }
  })

  useEventListener(element, 'pointermove', event => {
    hover.value = !isTouch(event) && takes(event) ? timeOf(event) : undefined
    if (!drag) return
    if (!drag.moved) {
      if (Math.abs(event.clientX - drag.x) < clickSlop) return
      drag.moved = true
      element.value?.setPointerCapture(event.pointerId)
    }
    const { left, width } = plot()
    const now = timeAt(drag.range, width, clamp(event.clientX - left, 0, width))
    const began = timeAt(drag.range, width, drag.x - left)
    if (drag.pans) {
      const by = timeAt(drag.range, width, drag.x) - timeAt(drag.range, width, event.clientX)
      axis.setRange(panRange(drag.range, by, axis.extent()), 'replace')
    } else brush.value = { from: Math.min(began, now), to: Math.max(began, now) }
  })

  useEventListener(element, 'pointerup', event => {
    if (drag?.moved) {
      ignoreNextClick(event.timeStamp)
      if (brush.value && brush.value.to > brush.value.from) {
        const { from, to } = brush.value
        axis.setRange(zoomRange({ from, to }, 1, (from + to) / 2, axis.extent()), 'push')
      }
    }
    endDrag()
  })

  useEventListener(element, ['pointercancel', 'lostpointercapture'], endDrag)
  useEventListener(element, 'pointerleave', () => (hover.value = undefined))
  useEventListener('keydown', event => {
    if (event.key !== 'Escape' || !drag?.moved) return
    event.stopImmediatePropagation()
    endDrag()
  })

  function endDrag(): void {
    drag = undefined
    brush.value = undefined
  }

  /** The click that the browser sends after a drag means nothing. */
  function ignoreNextClick(after: number): void {
    const ignore = (event: MouseEvent): void => {
      window.removeEventListener('click', ignore, true)
      if (event.timeStamp - after < 100) event.stopPropagation()
    }
    window.addEventListener('click', ignore, true)
  }

  return { hover, brush }
}

function isTouch({ pointerType }: PointerEvent): boolean {
  return pointerType === 'touch'
}

function isControl(target: EventTarget | null): boolean {
  return (
    target instanceof Element && target.closest('button, a, input, label, select, [role="dialog"]') !== null
  )
}
