// What the search finds on the timeline: functions, spans and logs, tested together beside the page.
import { computed } from 'vue'
import type { ComputedRef, InjectionKey, Ref } from 'vue'
import { frameTexts } from '../../recording/search.ts'
import { useMatches } from '../data/use-matches.ts'
import { findCalls, stepMatch } from './match-walk.ts'
import type { FoundCall } from './match-walk.ts'
import { splitMatches } from './split-matches.ts'
import type { Timeline } from './use-timeline.ts'

export interface TimelineSearch {
  /** By frame, span and log: 1 where it matches; null where nothing is searched for. */
  readonly frames: ComputedRef<Uint8Array | null>
  readonly spans: ComputedRef<Uint8Array | null>
  readonly logs: ComputedRef<Uint8Array | null>
  readonly calls: ComputedRef<readonly FoundCall[]>
  readonly problem: Readonly<Ref<string | undefined>>
  /** Selects the next match, or the one before. */
  step(by: 1 | -1): FoundCall | undefined
}

export function createTimelineSearch(timeline: Timeline): TimelineSearch {
  const { recording, logs, threads, selection, callsOf } = timeline
  const texts = computed(() => {
    const { spans, strings } = recording.value
    const spanNames = Array.from(spans.name, name => strings[name]!)
    return [...frameTexts(recording.value), ...spanNames, ...logs.value.map(log => log.body)]
  })
  const { matches, problem } = useMatches(
    () => texts.value,
    () => selection.search.value
  )
  const parts = computed(() =>
    matches.value && matches.value.length === texts.value.length
      ? splitMatches(recording.value, logs.value, matches.value)
      : null
  )
  const calls = computed(() => {
    const found = parts.value?.frames
    if (!found) return []
    return findCalls(
      threads.value.map(({ id }) => ({ id, calls: callsOf(id) })),
      found
    )
  })
  return {
    frames: computed(() => parts.value?.frames ?? null),
    spans: computed(() => parts.value?.spans ?? null),
    logs: computed(() => parts.value?.logs ?? null),
    calls,
    problem,
    step: by => stepMatch(calls.value, timeline.selectedCall.value, by)
  }
}

export const timelineSearchKey: InjectionKey<TimelineSearch> = Symbol('timeline search')
