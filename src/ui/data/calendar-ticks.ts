// Marks on an axis of hours to months, where clocks and calendars turn in local time.
import { monthNames } from './format-date.ts'

export interface CalendarTick {
  /** Unix ms. */
  time: number
  /** '14:00', or '20 Nov' where a day begins. */
  label: string
}

const hours = [1, 2, 3, 6, 12]
const days = [1, 2, 7, 14, 30, 60, 180, 365]

/** At most so many within the stretch of Unix ms, at whole hours or days. */
export function calendarTicks(from: number, to: number, most: number): CalendarTick[] {
  const spanHours = (to - from) / 3_600_000
  const stepHours = hours.find(step => spanHours / step <= most)
  const stepDays = days.find(step => spanHours / 24 / step <= most) ?? days.at(-1)!
  const ticks: CalendarTick[] = []
  const date = new Date(from)
  date.setHours(0, 0, 0, 0)
  while (date.getTime() <= to && ticks.length < most) {
    if (date.getTime() >= from) ticks.push({ time: date.getTime(), label: labelOf(date) })
    if (stepHours === undefined) date.setDate(date.getDate() + stepDays)
    else date.setHours(date.getHours() + stepHours)
  }
  return ticks
}

function labelOf(date: Date): string {
  if (date.getHours() !== 0) return `${String(date.getHours()).padStart(2, '0')}:00`
  return `${date.getDate()} ${monthNames[date.getMonth()]}`
}
