// Fingers over a time axis: one moves it, two move it and zoom it between them. Up and down they scroll the page, and a
// tap is a click as the browser makes it: both are left to it (class time-axis).
import { useEventListener } from '@vueuse/core'
import type { ShallowRef } from 'vue'
import type { TimeRange } from '../../recording/time-range.ts'
import { pinchRange } from './time-scale.ts'

export interface TouchedAxis {
  range(): TimeRange
  extent(): TimeRange
  /** CSS pixels of the window. */
  plot(): { left: number; width: number }
  /** Whether a finger there is about the axis. */
  takes(event: PointerEvent): boolean
  setRange(range: TimeRange, keep: 'replace'): void
  /** After a gesture: the click that the browser may send for it means nothing. */
  onMoved(event: PointerEvent): void
}

/** CSS pixels that a finger may move in a tap. */
const tapSlop = 8

interface Finger {
  /** From the left of the axis, CSS pixels. */
  readonly began: number
  readonly x: number
}

export function useTouchGestures(element: Readonly<ShallowRef<HTMLElement | null>>, axis: TouchedAxis): void {
  /** At most two, by pointer. */
  let fingers = new Map<number, Finger>()
  /** What the axis showed when the present fingers began. */
  let range: TimeRange
  let moved = false

  /** Another finger came, or one went: those that are there begin anew. */
  function beginWith(next: Iterable<[number, number]>): void {
    fingers = new Map([...next].map(([id, x]) => [id, { began: x, x }]))
    range = axis.range()
  }
  const places = (): [number, number][] => [...fingers].map(([id, { x }]) => [id, x])

  useEventListener(element, 'pointerdown', event => {
    if (event.pointerType !== 'touch' || fingers.size === 2 || !axis.takes(event)) return
    if (fingers.size === 0) moved = false
    beginWith([...places(), [event.pointerId, event.clientX - axis.plot().left]])
  })

  useEventListener(element, 'pointermove', event => {
    const finger = fingers.get(event.pointerId)
    if (!finger) return
    const { left, width } = axis.plot()
    fingers.set(event.pointerId, { ...finger, x: event.clientX - left })
    const all = [...fingers.values()]
    moved ||= all.some(({ began, x }) => Math.abs(x - began) > tapSlop)
    if (!moved) return
    const [before, now] = [all.map(({ began }) => began), all.map(({ x }) => x)]
    const next = pinchRange(range, width, before, now, axis.extent())
    const { from, to } = axis.range()
    // All of it stays all of it, also of what grows.
    if (next.from !== from || next.to !== to) axis.setRange(next, 'replace')
  })

  useEventListener(element, ['pointerup', 'pointercancel'], event => {
    if (!fingers.has(event.pointerId)) return
    beginWith(places().filter(([id]) => id !== event.pointerId))
    if (moved) axis.onMoved(event)
  })
}
