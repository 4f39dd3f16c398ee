import type { LinkedProfile } from '../record-sink.ts'
import type { CapturedNodes, CapturedProfile } from './profiler-backend.ts'
import { buildTables, LinkTable, SampleBuilder } from './profile-tables.ts'
import { buildSpanStarts } from './span-starts.ts'
import type { CapturedStacks } from './stack-capture.ts'
import type { FoundMark, StackMark } from './stack-mark.ts'
import { ownerAt } from '../spans/span-state.ts'
import type { SpanChanges } from '../spans/span-timeline.ts'

export interface ProfileParts {
  captured: CapturedProfile
  changes: SpanChanges
  /** In order of time. */
  marks: readonly StackMark[]
  /** Stacks that marks point into. */
  stacks: CapturedStacks
  /** Frames at the top of a marked stack that are ours, not the program's. */
  isOwnFrame(functionName: string, url: string): boolean
  toUnixUs(monotonicUs: number): number
  /** Of the profile: 32 hex digits. */
  id: string
  threadId: number
  threadName: string
  intervalUs: number
  fromUs: number
  toUs: number
}

/**
 * Ties what V8 sampled to what was active, and sorts out the stacks that were asked for. Marks that V8 hadn't worked off
 * yet come back as `pending`, for the next profile. Pure.
 */
export function buildLinkedProfile(parts: ProfileParts): { profile: LinkedProfile; pending: StackMark[] } {
  const { nodes } = parts.captured
  const own = ownRows(nodes, parts)
  const ownCaptured = ownRows(parts.stacks, parts)
  const tables = buildTables(
    { ...nodes, parent: withoutOwnCallers(nodes, own) },
    { ...parts.stacks, parent: withoutOwnCallers(parts.stacks, ownCaptured) }
  )
  const links = new LinkTable()
  const marked = matchMarks(parts, own, ownCaptured)
  // In this order, which numbers the links.
  const wall = linkedSamples(parts, marked.taken, links)
  const logs = logSamples(parts, marked.found, links)
  const profile: LinkedProfile = {
    id: parts.id,
    threadId: parts.threadId,
    threadName: parts.threadName,
    intervalUs: parts.intervalUs,
    startUnixUs: parts.toUnixUs(parts.fromUs),
    endUnixUs: parts.toUnixUs(parts.toUs),
    frames: tables.frames,
    stacks: tables.stacks,
    links: links.references,
    endpoints: links.endpoints,
    wall,
    logs,
    spanStarts: buildSpanStarts(marked.found, links, parts)
  }
  return { profile, pending: marked.pending }
}

/** What the sampler took, each sample with the span that was active then. */
function linkedSamples(
  { captured, changes, toUnixUs }: ProfileParts,
  taken: Uint8Array,
  links: LinkTable
): LinkedProfile['wall'] {
  const { nodes, samples, monotonicUs } = captured
  const idle = idleRows(nodes)
  const wall = new SampleBuilder()
  let change = -1
  for (let i = 0; i < samples.length; i++) {
    if (taken[i] === 1) continue
    const time = monotonicUs[i]!
    while (change + 1 < changes.length && changes.timesUs[change + 1]! <= time) change++
    const node = samples[i]!
    const slot = idle[node] === 1 || change < 0 ? undefined : ownerAt(changes.slots[change], time)
    wall.push(node, toUnixUs(time), links.linkOf(slot), links.endpointOf(slot))
  }
  return wall.finish()
}

function idleRows({ functionName, url }: CapturedNodes): Uint8Array {
  const idle = new Uint8Array(url.length)
  for (let row = 0; row < idle.length; row++) {
    if (functionName[row] === '(idle)' && url[row] === '') idle[row] = 1
  }
  return idle
}

function logSamples(
  { toUnixUs }: ProfileParts,
  found: readonly FoundMark[],
  links: LinkTable
): LinkedProfile['logs'] {
  const logs = new SampleBuilder()
  const uids: string[] = []
  for (const { mark, stack, timeUs } of found) {
    if (mark.kind !== 'log') continue
    logs.push(stack, toUnixUs(timeUs), links.linkOf(mark.slot), links.endpointOf(mark.slot))
    uids.push(mark.uid)
  }
  return { ...logs.finish(), uid: uids }
}

/**
 * Finds the sample of each mark: the first one in the mark's window of time whose stack is the marking call's own. Windows
 * don't overlap, and what the sampler itself adds within one has the same stack, so taking the first is right either way.
 */
function matchMarks(
  parts: ProfileParts,
  own: Uint8Array,
  ownCaptured: Uint8Array
): { taken: Uint8Array; found: FoundMark[]; pending: StackMark[] } {
  const { nodes, samples, monotonicUs } = parts.captured
  const taken = new Uint8Array(samples.length)
  const found: FoundMark[] = []
  const pending: StackMark[] = []
  const lastUs = monotonicUs.at(-1) ?? -Infinity
  let at = 0
  for (const mark of parts.marks) {
    if (mark.stack >= 0) {
      const row = belowOwnFrames(mark.stack, parts.stacks, ownCaptured)
      if (row >= 0) found.push({ mark, stack: nodes.parent.length + row, timeUs: mark.fromUs })
      continue
    }
    // V8 cuts times to whole microseconds.
    while (at < samples.length && monotonicUs[at]! < mark.fromUs - 1) at++
    let isFound = false
    for (let i = at; i < samples.length && monotonicUs[i]! <= mark.toUs + 1; i++) {
      const caller = taken[i] === 1 ? -1 : callerOf(mark.kind, samples[i]!, nodes, own)
      if (caller < 0) continue
      taken[i] = 1
      if (mark.kind !== 'rotation') found.push({ mark, stack: caller, timeUs: mark.fromUs })
      isFound = true
      break
    }
    if (!isFound && mark.toUs >= lastUs) pending.push(mark)
  }
  return { taken, found, pending }
}

/**
 * The program's own frame below ours; -1 where this isn't a stack that we asked for. Such a stack ends in the native call,
 * under whatever name, the sampler's may end in our own functions; only the inspector leaves its native call out.
 */
function callerOf(kind: StackMark['kind'], leaf: number, nodes: CapturedNodes, own: Uint8Array): number {
  if (kind === 'rotation' && own[leaf] === 1) return leaf
  if (nodes.url[leaf] !== '' || nodes.functionName[leaf]!.startsWith('(')) return -1
  const caller = nodes.parent[leaf]!
  const below = belowOwnFrames(caller, nodes, own)
  return below === caller ? -1 : below
}

function belowOwnFrames(row: number, stacks: Pick<CapturedNodes, 'parent'>, own: Uint8Array): number {
  while (row >= 0 && own[row] === 1) row = stacks.parent[row]!
  return row
}

/** 1 for each frame of ours. */
function ownRows(stacks: Pick<CapturedNodes, 'functionName' | 'url'>, parts: ProfileParts): Uint8Array {
  const own = new Uint8Array(stacks.url.length)
  for (let row = 0; row < own.length; row++) {
    if (parts.isOwnFrame(stacks.functionName[row]!, stacks.url[row]!)) own[row] = 1
  }
  return own
}

/**
 * Each row's parent, past frames of ours: what they wrap stands in the program's stacks as if it were called directly.
 * Samples taken in our own code, or in a native function it called, keep our frame at their end: that time is our cost.
 */
function withoutOwnCallers(
  stacks: Pick<CapturedNodes, 'url' | 'line' | 'parent'>,
  own: Uint8Array
): number[] {
  const { url, line, parent } = stacks
  const isCaller = new Uint8Array(parent.length)
  for (const row of parent) if (row >= 0) isCaller[row] = 1
  const callers = parent.slice()
  for (let row = 0; row < callers.length; row++) {
    const above = parent[row]!
    if (above < 0 || own[above] === 0) continue
    const isNativeEnd = isCaller[row] === 0 && url[row] === '' && line[row] === 0
    if (!isNativeEnd) callers[row] = belowOwnFrames(above, { parent }, own)
  }
  return callers
}
