import { formatDuration, formatShare, nanosPerSecond } from '../../base/units.ts'
import { readCurves } from '../../recording/statuses.ts'
import { isWithin } from '../../recording/time-range.ts'
import type { Finding, Looked } from './finding.ts'

const leastShare = 0.05

/** Where the main thread spent much of its time collecting garbage. */
export function findCollectedGarbage({ recording, range }: Looked): Finding[] {
  const curves = readCurves(recording, {
    minor: 'microlog.gc.minor.time',
    major: 'microlog.gc.major.time',
    incremental: 'microlog.gc.incremental.time'
  })
  let seconds = 0
  for (const { time, value } of Object.values(curves)) {
    for (let i = 0; i < time.length; i++) if (isWithin(time[i]!, range)) seconds += value[i]!
  }
  const share = (seconds * nanosPerSecond) / (range.to - range.from)
  if (!(share >= leastShare)) return []
  return [
    {
      kind: 'garbage',
      text: `Garbage collection took ${formatShare(share)} of the main thread’s time, ${formatDuration(seconds * nanosPerSecond)}: much is allocated and thrown away.`,
      cost: seconds * nanosPerSecond,
      places: []
    }
  ]
}
