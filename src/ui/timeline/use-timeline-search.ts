// What the search finds on the timeline: functions, spans and logs, tested together beside the page.
import { computed } from 'vue'
import type { ComputedRef, InjectionKey, Ref } from 'vue'
import { frameTexts } from '../../recording/search.ts'
import { useMatches } from '../data/use-matches.ts'
import { findCalls, programMatches, sortFound, stepMatch } from './match-walk.ts'
import type { Found } from './match-walk.ts'
import { splitMatches } from './split-matches.ts'
import type { Timeline } from './use-timeline.ts'

export interface TimelineSearch {
  /** By frame, span and log: 1 where it matches; null where nothing is searched for. */
  readonly frames: ComputedRef<Uint8Array | null>
  readonly spans: ComputedRef<Uint8Array | null>
  readonly logs: ComputedRef<Uint8Array | null>
  /** All matches, by time. */
  readonly found: ComputedRef<readonly Found[]>
  /** Index in `found` of what is selected; -1 where that is none of them. */
  readonly at: ComputedRef<number>
  /** Whether what is typed is still being looked for. */
  readonly pending: Readonly<Ref<boolean>>
  readonly problem: Readonly<Ref<string | undefined>>
  /** The match after the selected one, or the one before. */
  step(by: 1 | -1): Found | undefined
}

export function createTimelineSearch(timeline: Timeline): TimelineSearch {
  const { recording, logs, threads, selection, callsOf } = timeline
  const texts = computed(() => {
    const { spans, strings } = recording.value
    const spanNames = Array.from(spans.name, name => strings[name]!)
    return [...frameTexts(recording.value), ...spanNames, ...logs.value.map(log => log.body)]
  })
  const { matches, pending, problem } = useMatches(
    () => texts.value,
    () => selection.search.value
  )
  const parts = computed(() =>
    matches.value && matches.value.length === texts.value.length
      ? splitMatches(recording.value, logs.value, matches.value)
      : null
  )
  const calls = computed(() => {
    if (!parts.value) return []
    return findCalls(
      threads.value.map(({ id }) => ({ id, calls: callsOf(id) })),
      programMatches(recording.value, parts.value.frames)
    )
  })
  const timeOf = (match: Found): number => {
    if ('log' in match) return logs.value[match.log]!.time
    if ('span' in match) return recording.value.spans.start[match.span]!
    return callsOf(match.thread).start[match.call]!
  }
  const found = computed(() =>
    sortFound(
      [
        ...calls.value,
        ...rowsOf(parts.value?.spans).map(span => ({ span })),
        ...rowsOf(parts.value?.logs).map(log => ({ log }))
      ],
      timeOf
    )
  )
  const at = computed(() => {
    const [call, log, span] = [
      timeline.selectedCall.value,
      timeline.selectedLog.value,
      timeline.selectedSpan.value
    ]
    return found.value.findIndex(match => {
      if (call) return 'call' in match && match.thread === call.thread && match.call === call.call
      if (log >= 0) return 'log' in match && match.log === log
      return 'span' in match && match.span === span
    })
  })
  return {
    frames: computed(() => parts.value?.frames ?? null),
    spans: computed(() => parts.value?.spans ?? null),
    logs: computed(() => parts.value?.logs ?? null),
    found,
    at,
    pending,
    problem,
    step: by => found.value[stepMatch(found.value.length, at.value, by)]
  }
}

/** Those that match. */
function rowsOf(matches: Uint8Array | undefined): number[] {
  const rows: number[] = []
  matches?.forEach((match, row) => {
    if (match === 1) rows.push(row)
  })
  return rows
}

export const timelineSearchKey: InjectionKey<TimelineSearch> = Symbol('timeline search')
