// Who held the event loop while a span lasted: the span itself, others, or nobody, since it waited. A span that is slow on a
// busy loop and one that waits for a database look alike in its own samples: neither has any.
import { attributeText } from './attributes.ts'
import { endpointAttribute } from './call-tree.ts'
import { internalFrames } from './frame-names.ts'
import { loopStretches } from './loop-stretches.ts'
import type { Recording } from './schema.ts'
import type { SpanIndex } from './span-index.ts'

/** Estimated from the gaps between samples, in ns. */
export interface LoopShares {
  /** The span, and those below it. */
  readonly own: number
  readonly others: number
  /** The loop was idle. */
  readonly waiting: number
  /** No sample tells: the sampler was held up, or wasn't running. */
  readonly unknown: number
  /** Samples of the thread while the span lasted: few of them tell little. */
  readonly samples: number
  /** What the others were, the longest first. */
  readonly holders: readonly LoopHolder[]
}

/** Everything that ran for one endpoint. */
export interface LoopHolder {
  /** As the samples say, else the name of their span; '' for what ran in no span, or in one that isn't here. */
  readonly endpoint: string
  readonly duration: number
  /** Row of `frames`: the function that most of it was in, the program's own where one was on the stack. */
  readonly frame: number
  /** Row of `links`: the span that most of it was in; 0 for none. */
  readonly link: number
}

/** Undefined where the span's thread wasn't sampled meanwhile, or the span has no end. @param span row of `spans` */
export function loopShares(recording: Recording, index: SpanIndex, span: number): LoopShares | undefined {
  const { samples, spans } = recording
  const placeOf = ownPlaces(recording)
  // What has no name is kept apart by whether it ran in a span.
  const holders = new Map<string | boolean, HolderSum>()
  const sums = { own: 0, others: 0, idle: 0 }
  const stretches = loopStretches(recording, index, span)
  for (const { state, from, to, sample } of stretches) {
    const duration = to - from
    sums[state] += duration
    if (state !== 'others') continue
    const link = samples.link[sample]!
    const endpoint = endpointOf(recording, index, sample)
    const key = endpoint || link > 0
    const sum = holders.get(key) ?? { endpoint, duration: 0, byFrame: new Map(), byLink: new Map() }
    holders.set(key, sum)
    sum.duration += duration
    add(sum.byFrame, placeOf(samples.stack[sample]!), duration)
    add(sum.byLink, link, duration)
  }
  if (stretches.length === 0) return undefined
  return {
    own: sums.own,
    others: sums.others,
    waiting: sums.idle,
    samples: stretches.length,
    unknown: Math.max(0, spans.end[span]! - spans.start[span]! - sums.own - sums.others - sums.idle),
    holders: [...holders.values()]
      .map(({ endpoint, duration, byFrame, byLink }) => ({
        endpoint,
        duration,
        frame: largest(byFrame),
        link: largest(byLink)
      }))
      .sort((a, b) => b.duration - a.duration)
  }
}

interface HolderSum {
  endpoint: string
  duration: number
  byFrame: Map<number, number>
  byLink: Map<number, number>
}

function endpointOf(recording: Recording, index: SpanIndex, sample: number): string {
  const { samples, spans, strings } = recording
  const told = attributeText(recording, samples.attributes[sample]!, endpointAttribute)
  const span = index.spanOfLink[samples.link[sample]!] ?? -1
  return told ?? (span < 0 ? '' : strings[spans.name[span]!]!)
}

/** The innermost frame that is neither Node's nor a package's, else the innermost. */
function ownPlaces(recording: Recording): (stack: number) => number {
  const { stacks } = recording
  const internal = internalFrames(recording)
  return stack => {
    for (let at = stack; at >= 0; at = stacks.parent[at]!) {
      if (internal[stacks.frame[at]!] !== 1) return stacks.frame[at]!
    }
    return stacks.frame[stack]!
  }
}

function add(sums: Map<number, number>, key: number, value: number): void {
  sums.set(key, (sums.get(key) ?? 0) + value)
}

function largest(sums: ReadonlyMap<number, number>): number {
  let found = 0
  let most = -Infinity
  for (const [key, value] of sums) if (value > most) [found, most] = [key, value]
  return found
}
