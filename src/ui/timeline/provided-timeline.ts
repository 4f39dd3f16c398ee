import { inject } from 'vue'
import { timelineSearchKey } from './use-timeline-search.ts'
import type { TimelineSearch } from './use-timeline-search.ts'
import { timelineKey } from './use-timeline.ts'
import type { Timeline } from './use-timeline.ts'

export function useTimeline(): Timeline {
  const timeline = inject(timelineKey)
  if (!timeline) throw new Error('useTimeline needs a component below TimelineView')
  return timeline
}

export function useTimelineSearch(): TimelineSearch {
  const search = inject(timelineSearchKey)
  if (!search) throw new Error('useTimelineSearch needs a component below TimelineView')
  return search
}
