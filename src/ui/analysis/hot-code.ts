import { formatDuration, formatShare, nanosPerMs } from '../../base/units.ts'
import { packageOf, shortFile } from '../../recording/frame-names.ts'
import type { FunctionSummary } from '../../recording/summary.ts'
import { mostOfKind } from './finding.ts'
import type { Finding, Looked } from './finding.ts'

/** Of all sampled work. */
const leastShare = 0.2
/** Less is no load. */
const leastMs = 200

/** Functions and packages in which much of the work was done. */
export function findHotCode({ functions }: Pick<Looked, 'functions'>): Finding[] {
  const all = functions.reduce((sum, { selfMs }) => sum + selfMs, 0)
  const isHot = (selfMs: number): boolean => selfMs >= leastMs && selfMs >= leastShare * all
  const told = (selfMs: number): string =>
    `${formatShare(selfMs / all)} of the sampled work, about ${formatDuration(selfMs * nanosPerMs)}`
  const hot = functions.filter(entry => isHot(entry.selfMs) && !isOfV8(entry)).slice(0, mostOfKind)
  const packages = [...sumPackages(functions)]
    .filter(([, selfMs]) => isHot(selfMs))
    .sort((a, b) => b[1] - a[1])
    .slice(0, mostOfKind)
  return [
    ...hot.map(({ name, file, line, selfMs }): Finding => ({
      kind: 'hot function',
      text: `${name}${file && ` (${shortFile(file)}${line > 0 ? `:${line}` : ''})`} took ${told(selfMs)}, in itself.`,
      place: { kind: 'search', text: name }
    })),
    ...packages.map(([name, selfMs]): Finding => ({
      kind: 'hot package',
      text: `Functions of ${name} took ${told(selfMs)}.`,
      place: { kind: 'search', text: name }
    }))
  ]
}

/** ms in the functions of each package, the program and Node left out. */
function sumPackages(functions: readonly FunctionSummary[]): Map<string, number> {
  const sums = new Map<string, number>()
  for (const { file, selfMs } of functions) {
    const name = packageOf(file)
    if (name !== '' && name !== 'node') sums.set(name, (sums.get(name) ?? 0) + selfMs)
  }
  return sums
}

/** '(program)', '(garbage collector)'. */
function isOfV8({ name, file }: FunctionSummary): boolean {
  return file === '' && name.startsWith('(')
}
