import { formatCount, formatDuration } from '../../base/units.ts'
import type { ProfileState } from './profile-state.ts'
import type { TraceSpan } from './trace-model.ts'

/** Why a span has no stacks, and what would give it some; '' where it has them. */
export function profileReason(state: ProfileState, { service, start, end }: TraceSpan): string {
  switch (state.kind) {
    case 'recorded':
      return ''
    case 'not-profiled':
      return `No stacks: ${service} sends spans, but it was not profiled. Start it with node --import microlog/register, or add new MicrologInstrumentation() to its SDK.`
    case 'profiler-off':
      return 'No stacks: the profiler of this process was not running during the span, or its samples have not arrived yet.'
    case 'too-short':
      return `No stacks: the span took ${formatDuration(end - start)}, less than the ${formatDuration(state.intervalNs)} between two samples.`
    case 'waited':
      return state.busy > 0
        ? `No stacks of its own: it waited, or ran too briefly to be seen. Of ${formatCount(state.idle + state.busy)} samples taken meanwhile, ${formatCount(state.idle)} were idle and ${formatCount(state.busy)} saw other work (greyed).`
        : `No stacks of its own: it waited. All ${formatCount(state.idle)} samples taken meanwhile were idle.`
  }
}
