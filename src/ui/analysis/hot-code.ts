import { formatDuration, formatShare } from '../../base/units.ts'
import type { CodeParts } from '../../recording/code-parts.ts'
import { editorLink, framePlace } from '../../recording/frame-names.ts'
import { hotParts } from '../../recording/hot-parts.ts'
import type { HotPart } from '../../recording/hot-parts.ts'
import { searchOfPart } from '../../recording/part-search.ts'
import type { Recording } from '../../recording/schema.ts'
import { editorPlaces, functionSubject, mostOfKind } from './finding.ts'
import type { Finding, FindingPlace, Looked } from './finding.ts'

/** Of the sampled work. */
const leastShare = 0.1
/** ns: less is a handful of samples. */
const leastTime = 100e6
const mostCallers = 2

/** Functions that took much of the work by themselves. */
export function findHotFunctions({ recording, code, weights }: Looked): Finding[] {
  const functions = hotParts(recording, code, weights, 'function')
  return hottest(functions, () => true).map(({ part, self, callers, share }) => {
    const { name, url, frame, owner } = code.parts[part]!
    const place = framePlace(recording, frame)
    return {
      kind: 'hot function',
      text: `${name}${place && ` (${place})`} took ${formatDuration(self)} by itself, ${formatShare(share)} of the work${forWhom(recording, code, callers, self)}.`,
      cost: self,
      within: [functionSubject(name, url), ...(owner === '' ? [] : [packageSubject(owner)])],
      places: [
        ...waysTo(code, part, packageOrFile(code, part)),
        ...editorPlaces(owner === 'node' ? undefined : editorLink(url, recording.frames.line[frame]!, 1))
      ]
    }
  })
}

/** Packages of others that took much of it, in whichever of their functions. */
export function findHotPackages({ recording, code, weights }: Looked): Finding[] {
  const packages = hotParts(recording, code, weights, 'package')
  const isOfOthers = ({ part }: HotPart): boolean => !['', 'node'].includes(code.parts[part]!.owner)
  return hottest(packages, isOfOthers).map(({ part, self, callers, share }) => ({
    kind: 'hot package',
    text: `The package ${code.parts[part]!.name} took ${formatDuration(self)} by itself, ${formatShare(share)} of the work${forWhom(recording, code, callers, self)}.`,
    cost: self,
    within: [packageSubject(code.parts[part]!.owner)],
    places: waysTo(code, part, part)
  }))
}

function packageSubject(owner: string): string {
  return `package ${owner}`
}

function hottest(
  parts: readonly HotPart[],
  wanted: (part: HotPart) => boolean
): (HotPart & { share: number })[] {
  const all = parts.reduce((sum, { self }) => sum + self, 0)
  return parts
    .filter(part => wanted(part) && part.self >= leastTime && part.self >= leastShare * all)
    .slice(0, mostOfKind)
    .map(part => ({ ...part, share: part.self / all }))
}

/** ', for a (shop/a.js:3) 80.0 % of it, for b (shop/b.js:9) 20.0 %'. */
function forWhom(
  recording: Recording,
  { parts }: CodeParts,
  callers: HotPart['callers'],
  self: number
): string {
  return callers
    .slice(0, mostCallers)
    .map(({ part, self: own }, i) => {
      const { name, frame } = parts[part]!
      const place = framePlace(recording, frame)
      return `, for ${name}${place && ` (${place})`} ${formatShare(own / self)}${i === 0 ? ' of it' : ''}`
    })
    .join('')
}

function waysTo(code: CodeParts, part: number, inDesign: number): FindingPlace[] {
  const search = searchOfPart(code, part)
  return [
    ...(search === '' ? [] : [{ kind: 'calls', search } as const]),
    { kind: 'part', part: code.parts[inDesign]!.key }
  ]
}

/** What stands for a function in the usual picture of the design: its file or class, else the package of others. */
function packageOrFile({ parts }: CodeParts, part: number): number {
  let row = parts[part]!.parent
  while (parts[part]!.owner !== '' && parts[row]!.parent >= 0) row = parts[row]!.parent
  return row
}
