import type { Calls } from '../../recording/calls.ts'
import type { CallPick } from '../state/use-selection.ts'

/** Row of the call that is open at this time and depth, -1 where there is none. */
export function callAtPick({ length, start, end, depth }: Calls, pick: CallPick): number {
  for (let call = 0; call < length; call++) {
    if (depth[call] === pick.depth && start[call]! <= pick.time && pick.time < end[call]!) return call
  }
  return -1
}
