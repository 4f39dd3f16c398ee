// The recordings that a picker offers: by label, the newest first.
import type { RecordingSummary } from '../../collector/api.ts'
import { formatDate } from '../data/format-date.ts'

export interface ChoiceGroup {
  readonly label: string
  readonly choices: readonly { readonly id: string; readonly text: string }[]
}

/** More make a list that nobody reads; older ones can be reached from their own page. */
const mostChoices = 500

/** @param chosen is offered whatever its age, also where it isn't in the list */
export function recordingChoices(
  recordings: readonly RecordingSummary[],
  chosen: string | undefined,
  nowMs: number
): ChoiceGroup[] {
  const newest = [...recordings].sort((a, b) => b.start - a.start)
  const offered = newest.filter(({ id }, i) => i < mostChoices || id === chosen)
  const groups = new Map<string, { id: string; text: string }[]>()
  for (const { id, label, start, pid } of offered) {
    const choices = groups.get(label) ?? []
    groups.set(label, choices)
    choices.push({
      id,
      text: `${label}, ${formatDate(start, nowMs)}${pid === undefined ? '' : `, pid ${pid}`}`
    })
  }
  return [...groups].map(([label, choices]) => ({ label, choices }))
}
