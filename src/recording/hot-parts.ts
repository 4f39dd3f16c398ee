// Where the time was spent, and for whom: of functions or of packages the time in themselves, by the functions of the
// program that asked for it.
import type { CodeParts } from './code-parts.ts'
import type { Recording } from './schema.ts'
import type { StackWeights } from './stack-weights.ts'

export interface HotPart {
  /** Row of the parts: a function, or a package. */
  readonly part: number
  /** ns in itself. */
  readonly self: number
  /** Rows of functions with the share of that time, in ns, the longest first; what nobody called isn't among them. */
  readonly callers: readonly { readonly part: number; readonly self: number }[]
}

/**
 * Most time in itself first; what V8 says of itself (its garbage collector, what it can't name) is left out. A caller is
 * the innermost of the program's own functions outside of the part, else the innermost of any.
 */
export function hotParts(
  { stacks }: Recording,
  { parts, ofStack }: CodeParts,
  { weight }: StackWeights,
  kind: 'function' | 'package'
): HotPart[] {
  const partOf = (stack: number): number => {
    let row = ofStack[stack]!
    while (kind === 'package' && row >= 0 && parts[row]!.kind !== 'package') row = parts[row]!.parent
    return row
  }
  const callerOf = (stack: number, part: number): number => {
    let any = -1
    for (let at = stacks.parent[stack]!; at >= 0; at = stacks.parent[at]!) {
      const row = ofStack[at]!
      if (row < 0 || partOf(at) === part) continue
      if (parts[row]!.owner === '') return row
      if (any < 0) any = row
    }
    return any
  }
  const sums = new Map<number, { self: number; callers: Map<number, number> }>()
  for (let stack = 0; stack < stacks.length; stack++) {
    if (!(weight[stack]! > 0)) continue
    const row = ofStack[stack]!
    if (row < 0 || isOfV8(parts[row]!)) continue
    const part = partOf(stack)
    const sum = sums.get(part) ?? { self: 0, callers: new Map<number, number>() }
    sums.set(part, sum)
    sum.self += weight[stack]!
    const caller = callerOf(stack, part)
    if (caller >= 0) sum.callers.set(caller, (sum.callers.get(caller) ?? 0) + weight[stack]!)
  }
  return [...sums]
    .map(([part, { self, callers }]) => ({
      part,
      self,
      callers: [...callers]
        .map(([part, self]) => ({ part, self }))
        .sort((a, b) => b.self - a.self || a.part - b.part)
    }))
    .sort((a, b) => b.self - a.self || a.part - b.part)
}

function isOfV8({ owner, url }: CodeParts['parts'][number]): boolean {
  return owner === 'node' && url === ''
}
