import { formatBytes, formatDuration, nanosPerSecond } from '../../base/units.ts'
import { readStatuses } from '../../recording/statuses.ts'
import { isWithin } from '../../recording/time-range.ts'
import type { Finding, Looked } from './finding.ts'

const parts = 5
const shortest = 60 * nanosPerSecond
const leastGrowth = 20e6
const leastRatio = 1.3

/** Where what is left of the heap after collections rises from each fifth of the time to the next. */
export function findGrownMemory({ recording, range }: Looked): Finding[] {
  const length = range.to - range.from
  if (length < shortest) return []
  const { time, value } = readStatuses(recording).heap
  const floors = new Array<number>(parts).fill(Infinity)
  for (let i = 0; i < time.length; i++) {
    if (!isWithin(time[i]!, range)) continue
    const part = Math.min(parts - 1, Math.floor(((time[i]! - range.from) / length) * parts))
    floors[part] = Math.min(floors[part]!, value[i]!)
  }
  const rises = floors.every((floor, i) => Number.isFinite(floor) && (i === 0 || floor > floors[i - 1]!))
  const [first, last] = [floors[0]!, floors[parts - 1]!]
  if (!rises || last - first < leastGrowth || last / first < leastRatio) return []
  return [
    {
      kind: 'memory',
      text: `What stays in the heap rose steadily, from ${formatBytes(first)} to ${formatBytes(last)} in ${formatDuration(length)}. microlog run --heap tells what it is.`,
      cost: 0,
      places: [{ kind: 'range', range }]
    }
  ]
}
