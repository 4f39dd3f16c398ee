// Which endpoints use a part of the code: those whose samples saw one of its functions.
import { attributeText } from './attributes.ts'
import { endpointAttribute } from './call-tree.ts'
import { stacksHolding } from './correlation.ts'
import { localRoots } from './endpoint-shares.ts'
import type { Recording } from './schema.ts'
import type { SpanIndex } from './span-index.ts'
import { timingProfiles } from './threads.ts'
import { isWithin } from './time-range.ts'
import type { TimeRange } from './time-range.ts'

export interface EndpointSamples {
  /** The name of the outermost span here, else as the samples say; '' for what ran for none. */
  readonly endpoint: string
  readonly samples: number
}

/** Most samples first. @param range samples before its end; undefined is all of them */
export function endpointsOfFrames(
  recording: Recording,
  index: SpanIndex,
  frames: readonly number[],
  range?: TimeRange
): EndpointSamples[] {
  const { samples, spans, stacks, strings } = recording
  const holds = stacksHolding(recording, frames)
  const timing = timingProfiles(recording)
  const rootOf = localRoots(index)
  const counts = new Map<string, number>()
  for (let row = 0; row < samples.length; row++) {
    const stack = samples.stack[row]!
    if (stack < 0 || stack >= stacks.length || !holds[stack] || !timing[samples.profile[row]!]) continue
    if (range && !isWithin(samples.time[row]!, range)) continue
    const span = index.spanOfLink[samples.link[row]!] ?? -1
    // Samples have the name that the span had by then, before its route was known.
    const endpoint =
      span < 0
        ? (attributeText(recording, samples.attributes[row]!, endpointAttribute) ?? '')
        : strings[spans.name[rootOf[span]!]!]!
    counts.set(endpoint, (counts.get(endpoint) ?? 0) + 1)
  }
  return [...counts]
    .map(([endpoint, samples]) => ({ endpoint, samples }))
    .sort((a, b) => b.samples - a.samples)
}
