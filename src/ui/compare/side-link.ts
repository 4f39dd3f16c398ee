import type { FunctionDiff } from '../../recording/diff-functions.ts'
import type { Way } from '../widgets/way.ts'

export const sides = ['a', 'b'] as const
export type Side = (typeof sides)[number]

/** Where a function is looked at on one side; undefined where it isn't there. */
export type SideLink = (entry: FunctionDiff, side: Side) => Way | undefined
