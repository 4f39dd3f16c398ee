// What the recorder tells of itself in the log: modules that took long to load, and what it lost.
import { formatCount, formatDuration, nanosPerMs } from '../../base/units.ts'
import { attributeNumber, attributeText } from '../../recording/attributes.ts'
import { shortFile } from '../../recording/frame-names.ts'
import { isWithin, timeOfLog } from '../../recording/time-range.ts'
import { countOf } from '../data/count-of.ts'
import type { Finding, Looked } from './finding.ts'

/** Where start-up was spent: the module that took most by itself, and how many more there were. */
export function findSlowModules(looked: Looked): Finding[] {
  const { recording } = looked
  const loads = entriesOf(looked, 'microlog.slow_module').map(row => {
    const set = recording.logs.attributes[row]!
    return {
      file: attributeText(recording, set, 'code.file.path') ?? '',
      ownMs: attributeNumber(recording, set, 'microlog.module.own.ms') ?? 0,
      chain: attributeText(recording, set, 'microlog.module.chain') ?? ''
    }
  })
  const slowest = loads.toSorted((a, b) => b.ownMs - a.ownMs)[0]
  if (slowest === undefined) return []
  const together = loads.reduce((sum, { ownMs }) => sum + ownMs, 0)
  const chain = slowest.chain.includes('›') ? `, by ${slowest.chain}` : ''
  return [
    {
      kind: 'modules',
      text: `${countOf(loads.length, 'module')} took ${formatDuration(together * nanosPerMs)} to load, ${shortFile(slowest.file)} ${formatDuration(slowest.ownMs * nanosPerMs)} of it${chain}.`
    }
  ]
}

const lostKinds = ['logs', 'samples', 'spans', 'statuses']

/** What isn't in the recording, so that nobody takes the rest for all. */
export function findLosses(looked: Looked): Finding[] {
  const { recording } = looked
  const sums = new Map<string, number>()
  for (const row of entriesOf(looked, 'microlog.lost')) {
    for (const kind of lostKinds) {
      const count =
        attributeNumber(recording, recording.logs.attributes[row]!, `microlog.dropped.${kind}`) ?? 0
      if (count > 0) sums.set(kind, (sums.get(kind) ?? 0) + count)
    }
  }
  if (sums.size === 0) return []
  const told = [...sums].map(([kind, count]) => `${formatCount(count)} ${kind}`).join(', ')
  return [{ kind: 'lost', text: `Not recorded: ${told}: more than could be recorded or sent.` }]
}

/** Rows of `logs`. */
function entriesOf({ recording, range }: Looked, eventName: string): number[] {
  const { logs, strings } = recording
  const rows: number[] = []
  for (let row = 0; row < logs.length; row++) {
    if (strings[logs.eventName[row]!] === eventName && isWithin(timeOfLog(recording, row), range))
      rows.push(row)
  }
  return rows
}
