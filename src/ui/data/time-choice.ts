// The times that a list of everything is limited to, as an address names them: those up to now, or those between two moments.

const minuteMs = 60_000

export const latestTimes: readonly { name: string; title: string; ms: number }[] = [
  { name: '15m', title: 'Last 15 minutes', ms: 15 * minuteMs },
  { name: '1h', title: 'Last hour', ms: 60 * minuteMs },
  { name: '1d', title: 'Last 24 hours', ms: 24 * 60 * minuteMs },
  { name: '7d', title: 'Last 7 days', ms: 7 * 24 * 60 * minuteMs }
]

/** Unix ms; missing ones don't limit. */
export interface ChosenTimes {
  from?: number
  to?: number
}

/** @param query parameters of the address */
export function chosenTimes(query: Readonly<Record<string, string>>, nowMs: number): ChosenTimes {
  const last = latestTimes.find(({ name }) => name === query['last'])
  const from = last ? nowMs - last.ms : parseUnixMs(query['from'])
  const to = last ? undefined : parseUnixMs(query['to'])
  return { ...(from !== undefined && { from }), ...(to !== undefined && { to }) }
}

/** Unix ms; undefined for anything else. */
export function parseUnixMs(text: string | undefined): number | undefined {
  return /^[0-9]{1,14}$/.test(text ?? '') ? Number(text) : undefined
}
