// Whose code stands right beside the program's own: of a small program most of what is seen are packages of its packages.
import type { CodeParts } from './code-parts.ts'
import type { Recording } from './schema.ts'
import type { StackWeights } from './stack-weights.ts'

export interface NearOwners {
  /** As `packageOf`: packages that call the program's own code, or that it calls, through Node or not. */
  readonly near: ReadonlySet<string>
  /** How many more packages were seen. */
  readonly far: number
}

/** Undefined where no code of the program's own was seen: nothing is beside it. */
export function nearOwners(
  { stacks }: Recording,
  { parts, ofStack }: CodeParts,
  { count }: StackWeights
): NearOwners | undefined {
  const isSeen = Uint8Array.from(count, samples => Number(samples > 0))
  for (let stack = stacks.length - 1; stack >= 0; stack--) {
    const parent = stacks.parent[stack]!
    if (isSeen[stack] && parent >= 0) isSeen[parent] = 1
  }
  const near = new Set<string>()
  const all = new Set<string>()
  /** By stack: of its innermost function that isn't Node's. */
  const owners: (string | undefined)[] = Array(stacks.length)
  for (let stack = 0; stack < stacks.length; stack++) {
    const caller = owners[stacks.parent[stack]!]
    const owner = parts[ofStack[stack]!]?.owner
    owners[stack] = owner === undefined || owner === 'node' ? caller : owner
    const callee = owners[stack]
    if (!isSeen[stack] || callee === undefined) continue
    all.add(callee)
    if (caller === undefined || caller === callee) continue
    if (caller === '') near.add(callee)
    if (callee === '') near.add(caller)
  }
  return all.delete('') ? { near, far: all.size - near.size } : undefined
}
