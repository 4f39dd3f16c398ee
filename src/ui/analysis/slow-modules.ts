import { formatDuration, nanosPerMs } from '../../base/units.ts'
import { attributeNumber, attributeText } from '../../recording/attributes.ts'
import { editorLink } from '../../recording/frame-names.ts'
import { isWithin, timeOfLog } from '../../recording/time-range.ts'
import { editorPlaces, mostOfKind } from './finding.ts'
import type { Finding, Looked } from './finding.ts'
import { keyOfLog } from './log-place.ts'

/** ns by itself: a module that only asks for a slow one isn't what makes it slow. */
const leastTime = 50e6

/** Modules that took long to load by themselves: the recorder tells of those that took 100 ms with what they asked for. */
export function findSlowModules({ recording, range }: Looked): Finding[] {
  const { logs, strings } = recording
  const loads: { row: number; own: number; all: number }[] = []
  for (let row = 0; row < logs.length; row++) {
    if (strings[logs.eventName[row]!] !== 'microlog.slow_module') continue
    if (!isWithin(timeOfLog(recording, row), range)) continue
    const set = logs.attributes[row]!
    const own = (attributeNumber(recording, set, 'microlog.module.own.ms') ?? 0) * nanosPerMs
    const all = (attributeNumber(recording, set, 'microlog.module.load.ms') ?? 0) * nanosPerMs
    if (own >= leastTime) loads.push({ row, own, all })
  }
  return loads
    .sort((a, b) => b.own - a.own)
    .slice(0, mostOfKind)
    .map(({ row, own, all }) => {
      const set = logs.attributes[row]!
      const chain = (attributeText(recording, set, 'microlog.module.chain') ?? '').split(' › ')
      const file = attributeText(recording, set, 'code.file.path') ?? ''
      const name = chain.at(-1) || file
      const askedBy = chain.at(-2)
      return {
        kind: 'slow load',
        text: `Loading ${name} took ${formatDuration(own)} by itself, ${formatDuration(all)} with the modules it asked for${askedBy ? `; ${askedBy} asked for it` : ''}.`,
        cost: own,
        places: [{ kind: 'log', log: keyOfLog(recording, row) }, ...editorPlaces(editorLink(file, 1, 1))]
      }
    })
}
