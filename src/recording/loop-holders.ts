// Who held the event loop while a span lasted: the span itself, others, or nobody, since it waited. A span that is slow on a
// busy loop and one that waits for a database look alike in its own samples: neither has any.
import { attributeText } from './attributes.ts'
import { buildSampleWeights, frameRole, frameRoles, timingSamples } from './calls.ts'
import { endpointAttribute } from './call-tree.ts'
import { linksBelow } from './correlation.ts'
import type { SpanIndex } from './correlation.ts'
import { internalFrames } from './frame-names.ts'
import type { Recording } from './schema.ts'
import { timingProfiles } from './threads.ts'

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
  const { samples, spans, stacks } = recording
  const [from, to] = [spans.start[span]!, spans.end[span]!]
  const below = linksBelow(recording, index, span)
  const order = timingSamples(recording, threadOf(recording, below))
  const weights = buildSampleWeights(recording, order)
  const roles = frameRoles(recording)
  const placeOf = ownPlaces(recording)
  // What has no name is kept apart by whether it ran in a span.
  const holders = new Map<string | boolean, HolderSum>()
  const sums = { own: 0, others: 0, waiting: 0, samples: 0 }
  for (let i = 0; i < order.length; i++) {
    const row = order[i]!
    const time = samples.time[row]!
    const duration = Math.min(time + weights[i]!, to) - Math.max(time, from)
    if (!(duration > 0)) continue
    sums.samples++
    const stack = samples.stack[row]!
    const link = samples.link[row]!
    if (stack < 0 || roles[stacks.frame[stack]!] === frameRole.idle) sums.waiting += duration
    else if (below?.[link] === 1) sums.own += duration
    else {
      sums.others += duration
      const endpoint = endpointOf(recording, index, row)
      const key = endpoint || link > 0
      const sum = holders.get(key) ?? { endpoint, duration: 0, byFrame: new Map(), byLink: new Map() }
      holders.set(key, sum)
      sum.duration += duration
      add(sum.byFrame, placeOf(stack), duration)
      add(sum.byLink, link, duration)
    }
  }
  if (sums.samples === 0) return undefined
  return {
    ...sums,
    unknown: Math.max(0, to - from - sums.own - sums.others - sums.waiting),
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

/** Id of the thread that saw most of the spans; the main one where none did. */
function threadOf({ samples, profiles, threads, ...rest }: Recording, below: Uint8Array | undefined): number {
  const timing = timingProfiles({ samples, profiles, threads, ...rest })
  const counts = new Map<number, number>([[0, 0]])
  for (let row = 0; below !== undefined && row < samples.length; row++) {
    const profile = samples.profile[row]!
    if (below[samples.link[row]!] !== 1 || !timing[profile]) continue
    const thread = profiles.thread[profile]!
    add(counts, thread < 0 ? 0 : threads.id[thread]!, 1)
  }
  return largest(counts)
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
