// The stretches that were looked at before: Backspace goes through them, while Back may lead to another page.
import type { TimeRange } from '../../recording/time-range.ts'
import type { Selection } from '../state/use-selection.ts'

export interface RangeSteps extends Selection {
  /** To the stretch before the last step, everything before the first. */
  stepBack(): void
}

/** Remembers each change that isn't part of a gesture. */
export function rememberSteps(selection: Selection): RangeSteps {
  const before: (TimeRange | null)[] = []
  return {
    ...selection,
    setRange(next, keep = 'push') {
      if (keep === 'push') before.push(selection.range.value)
      selection.setRange(next, keep)
    },
    stepBack: () => selection.setRange(before.pop() ?? null)
  }
}
