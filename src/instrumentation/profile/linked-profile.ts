import type { SpanReference, ThreadSamples } from '../../otlp/thread-profile.ts'
import type { LinkedProfile } from '../record-sink.ts'
import type { CapturedNodes, CapturedProfile } from './profiler-backend.ts'
import type { CapturedStacks } from './stack-capture.ts'
import type { SpanSlot } from '../spans/span-state.ts'
import type { SpanChanges } from '../spans/span-timeline.ts'

/** Stacks at which short spans started, 30 bytes each: so many in a profile are enough. */
const mostShortStarts = 50

/** A stack that was asked for, not sampled. */
export interface StackMark {
  kind: 'log' | 'span-start' | 'rotation'
  slot: SpanSlot | undefined
  uid: string
  /** The call that pushed the stack into V8's profile, in µs of CLOCK_MONOTONIC; or, where `stack` is set, when it was taken. */
  fromUs: number
  toUs: number
  /** Leaf row in the stacks captured in JavaScript; -1 where V8's profile has it. */
  stack: number
}

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
  const { captured, changes } = parts
  const { nodes, samples, monotonicUs } = captured
  const own = ownRows(nodes, parts)
  const ownCaptured = ownRows(parts.stacks, parts)
  const tables = buildTables(
    { ...nodes, parent: withoutOwnCallers(nodes, own) },
    { ...parts.stacks, parent: withoutOwnCallers(parts.stacks, ownCaptured) }
  )
  const links = new LinkTable()
  const marked = matchMarks(parts, own, ownCaptured)
  const idle = nodes.functionName.map((name, row) => name === '(idle)' && nodes.url[row] === '')

  const wall = new SampleBuilder()
  let change = -1
  for (let i = 0; i < samples.length; i++) {
    if (marked.taken[i] === 1) continue
    const time = monotonicUs[i]!
    while (change + 1 < changes.length && changes.timesUs[change + 1]! <= time) change++
    const node = samples[i]!
    const slot = idle[node] || change < 0 ? undefined : changes.slots[change]
    wall.push(node, parts.toUnixUs(time), links.linkOf(slot), links.endpointOf(slot))
  }

  const logs = new SampleBuilder()
  const spanStarts = new SampleBuilder()
  const uids: string[] = []
  let shortStarts = 0
  for (const { mark, stack, timeUs } of marked.found) {
    if (mark.kind === 'span-start' && isShort(mark.slot, parts.intervalUs)) {
      if (shortStarts++ >= mostShortStarts) continue
    }
    const samplesOfKind = mark.kind === 'log' ? logs : spanStarts
    samplesOfKind.push(stack, parts.toUnixUs(timeUs), links.linkOf(mark.slot), links.endpointOf(mark.slot))
    if (mark.kind === 'log') uids.push(mark.uid)
  }

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
    wall: wall.finish(),
    logs: { ...logs.finish(), uid: uids },
    spanStarts: spanStarts.finish()
  }
  return { profile, pending: marked.pending }
}

/** A start's stack tells where a span waits. One that is over sooner than the next sample hardly did. */
function isShort(slot: SpanSlot | undefined, intervalUs: number): boolean {
  return slot?.durationUs !== undefined && slot.durationUs < intervalUs
}

interface FoundMark {
  mark: StackMark
  stack: number
  timeUs: number
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
  return Uint8Array.from(stacks.url, (url, row) => (parts.isOwnFrame(stacks.functionName[row]!, url) ? 1 : 0))
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
  return parent.map((above, row) => {
    if (above < 0 || own[above] === 0) return above
    const isNativeEnd = isCaller[row] === 0 && url[row] === '' && line[row] === 0
    return isNativeEnd ? above : belowOwnFrames(above, { parent }, own)
  })
}

class SampleBuilder {
  readonly #stack: number[] = []
  readonly #time: number[] = []
  readonly #link: number[] = []
  readonly #endpoint: number[] = []

  push(stack: number, timeUnixUs: number, link: number, endpoint: number): void {
    this.#stack.push(stack)
    this.#time.push(timeUnixUs)
    this.#link.push(link)
    this.#endpoint.push(endpoint)
  }

  finish(): ThreadSamples {
    return {
      stack: Int32Array.from(this.#stack),
      timeUnixUs: Float64Array.from(this.#time),
      link: Int32Array.from(this.#link),
      endpoint: Int32Array.from(this.#endpoint)
    }
  }
}

/** Spans and endpoints, each once. An unsampled span has no link: nobody will ever receive it. */
class LinkTable {
  readonly references: SpanReference[] = []
  readonly endpoints: string[] = []
  readonly #rowOfSlot = new Map<SpanSlot, number>()
  readonly #rowOfEndpoint = new Map<string, number>()

  linkOf(slot: SpanSlot | undefined): number {
    if (slot === undefined || (slot.flags & 1) === 0) return -1
    const known = this.#rowOfSlot.get(slot)
    if (known !== undefined) return known
    const row = this.references.push({ traceId: slot.traceId, spanId: slot.spanId, flags: slot.flags }) - 1
    this.#rowOfSlot.set(slot, row)
    return row
  }

  endpointOf(slot: SpanSlot | undefined): number {
    const endpoint = slot?.localRoot.endpoint
    if (endpoint === undefined || endpoint === '') return -1
    const known = this.#rowOfEndpoint.get(endpoint)
    if (known !== undefined) return known
    const row = this.endpoints.push(endpoint) - 1
    this.#rowOfEndpoint.set(endpoint, row)
    return row
  }
}

/** V8's nodes, then the stacks captured in JavaScript, over one table of frames. */
function buildTables(nodes: CapturedNodes, stacks: CapturedStacks): Pick<LinkedProfile, 'frames' | 'stacks'> {
  const frames = new FrameTable()
  const sampled = nodes.parent.length
  const frame = new Int32Array(sampled + stacks.parent.length)
  const parent = new Int32Array(sampled + stacks.parent.length)
  for (let row = 0; row < sampled; row++) {
    const line = nodes.line[row]!
    frame[row] = frames.rowOf(nodes.functionName[row]!, nodes.url[row]!, line, nodes.column[row]!, line)
    parent[row] = nodes.parent[row]!
  }
  for (let row = 0; row < stacks.parent.length; row++) {
    const { functionName, url, line, column } = stacks
    frame[sampled + row] = frames.rowOf(functionName[row]!, url[row]!, line[row]!, column[row]!, 0)
    parent[sampled + row] = stacks.parent[row]! < 0 ? -1 : sampled + stacks.parent[row]!
  }
  return { frames: frames.finish(), stacks: { frame, parent } }
}

class FrameTable {
  readonly #functionName: string[] = []
  readonly #url: string[] = []
  readonly #line: number[] = []
  readonly #column: number[] = []
  readonly #startLine: number[] = []
  readonly #rows = new Map<string, Map<string, number>>()

  rowOf(functionName: string, url: string, line: number, column: number, startLine: number): number {
    let ofUrl = this.#rows.get(url)
    if (ofUrl === undefined) this.#rows.set(url, (ofUrl = new Map()))
    const key = `${line}:${column}:${startLine}:${functionName}`
    const known = ofUrl.get(key)
    if (known !== undefined) return known
    const row = this.#url.push(url) - 1
    this.#functionName.push(functionName)
    this.#line.push(line)
    this.#column.push(column)
    this.#startLine.push(startLine)
    ofUrl.set(key, row)
    return row
  }

  finish(): LinkedProfile['frames'] {
    return {
      functionName: this.#functionName,
      url: this.#url,
      line: Int32Array.from(this.#line),
      column: Int32Array.from(this.#column),
      startLine: Int32Array.from(this.#startLine)
    }
  }
}
