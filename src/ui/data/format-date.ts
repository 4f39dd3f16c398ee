export const monthNames = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']
const dayMs = 86_400_000

/** 'Today 07:06:12', 'Yesterday 07:06:12', '20 Nov 07:06:12', '20 Nov 2025 07:06:12' in local time. */
export function formatDate(unixMs: number, nowMs: number): string {
  const date = new Date(unixMs)
  const days = Math.round((midnight(nowMs) - midnight(unixMs)) / dayMs)
  if (days === 0) return `Today ${clock(date)}`
  if (days === 1) return `Yesterday ${clock(date)}`
  return `${day(date, nowMs)} ${clock(date)}`
}

/** For a narrow place: '07:06:12' today, '20 Nov 07:06' and '20 Nov 2025 07:06' before. */
export function formatShortDate(unixMs: number, nowMs: number): string {
  if (midnight(nowMs) === midnight(unixMs)) return clock(new Date(unixMs))
  const date = new Date(unixMs)
  return `${day(date, nowMs)} ${clock(date).slice(0, -3)}`
}

/** '07:06:12.042' in local time. */
export function formatClock(unixMs: number): string {
  const date = new Date(unixMs)
  return `${clock(date)}.${String(date.getMilliseconds()).padStart(3, '0')}`
}

/** '07:06:12.042' today, '20 Nov 07:06:12.042' and '20 Nov 2025 07:06:12.042' before. */
export function formatMoment(unixMs: number, nowMs: number): string {
  if (midnight(nowMs) === midnight(unixMs)) return formatClock(unixMs)
  return `${day(new Date(unixMs), nowMs)} ${formatClock(unixMs)}`
}

/** '20 Nov', '20 Nov 2025' in another year than now. */
function day(date: Date, nowMs: number): string {
  const year = date.getFullYear() === new Date(nowMs).getFullYear() ? '' : ` ${date.getFullYear()}`
  return `${date.getDate()} ${monthNames[date.getMonth()]}${year}`
}

function clock(date: Date): string {
  return [date.getHours(), date.getMinutes(), date.getSeconds()]
    .map(part => String(part).padStart(2, '0'))
    .join(':')
}

function midnight(unixMs: number): number {
  return new Date(unixMs).setHours(0, 0, 0, 0)
}
