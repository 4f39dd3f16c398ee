// Stacks with what they weigh, as the paths that a flame graph is made of: of a recording, or of calls that were summed up
// elsewhere.
import { frameRole, frameRoles } from './calls.ts'
import type { Recording } from './schema.ts'
import type { StackWeights } from './stack-weights.ts'

/** From the outermost calls in, or from the functions that hold the weight themselves out to those that called them. */
export type FlameFrom = 'callers' | 'callees'

export interface WeighedStacks {
  readonly recording: Recording
  readonly weights: StackWeights
  /** By frame: 1 for those that are left out, as if their callers had called what they call. */
  readonly hidden?: Uint8Array | undefined
}

export interface WeighedPath {
  /** Rows of `frames`; empty where nothing of a stack is shown. */
  readonly path: readonly number[]
  readonly weight: number
  readonly count: number
}

/** Idle time is left out. */
export function* weighedPaths(stacks: WeighedStacks, from: FlameFrom): Generator<WeighedPath> {
  const { recording, weights, hidden } = stacks
  const { frame, parent, length } = recording.stacks
  const roles = frameRoles(recording)
  const isShown = (row: number): boolean => roles[row] !== frameRole.root && hidden?.[row] !== 1
  for (let stack = 0; stack < length; stack++) {
    const count = weights.count[stack]!
    if (count === 0 || roles[frame[stack]!] === frameRole.idle) continue
    const path: number[] = []
    for (let at = stack; at >= 0; at = parent[at]!) if (isShown(frame[at]!)) path.push(frame[at]!)
    yield { path: from === 'callers' ? path.reverse() : path, weight: weights.weight[stack]!, count }
  }
}
