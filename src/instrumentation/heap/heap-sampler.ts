import { Session, type HeapProfiler } from 'node:inspector'
import { loadV8Profiler } from '../profile/v8-profiler-addon.ts'

/** What lives in the heap by the stack that allocated it: a tree, parents first, the root's parent -1. Line and column are 1-based, 0 unknown. */
export interface HeapNodes {
  functionName: string[]
  url: string[]
  line: number[]
  column: number[]
  parent: number[]
  /** Allocated by the node itself since sampling began, and still in use. */
  bytes: number[]
}

export interface HeapSampler {
  /** Collects garbage first, as V8 does it so: a pause by the size of the heap. Undefined where somebody else ended sampling. */
  read(): HeapNodes | undefined
  stop(): void
}

/** V8's own and everybody's: a stack for each half megabyte. */
export const heapIntervalBytes = 512 * 1024

/** As the inspector has it. */
const stackDepth = 128

/**
 * One per thread: V8 has a single sampler of the heap, and a second start changes nothing. While an inspector's session is
 * open V8 keeps each console call with its arguments and stack: begun natively, the sampler needs one only to be read.
 */
export function startHeapSampler(): HeapSampler {
  // Throws where there is none: in Node's test runner, or without permission. Sampling would be for nothing.
  withSession(() => {})
  try {
    loadV8Profiler().startSamplingHeapProfiling(heapIntervalBytes, stackDepth)
  } catch {
    // It isn't installed, as the sampler of stacks says.
    const session = new Session()
    session.connect()
    startSampling(session)
    return { read: () => readSamples(session), stop: () => session.disconnect() }
  }
  return {
    read: () => withSession(readSamples),
    // V8 stops it with the session that says to have started it.
    stop: () => withSession(startSampling)
  }
}

function withSession<Result>(ask: (session: Session) => Result): Result {
  const session = new Session()
  session.connect()
  try {
    return ask(session)
  } finally {
    session.disconnect()
  }
}

function startSampling(session: Session): void {
  session.post('HeapProfiler.startSampling', { samplingInterval: heapIntervalBytes })
}

function readSamples(session: Session): HeapNodes | undefined {
  let head: HeapProfiler.SamplingHeapProfileNode | undefined
  // Answered before this returns.
  session.post('HeapProfiler.getSamplingProfile', (error, result) => {
    if (error === null) head = result.profile.head
  })
  return head && inColumns(head)
}

function inColumns(head: HeapProfiler.SamplingHeapProfileNode): HeapNodes {
  const nodes: HeapNodes = { functionName: [], url: [], line: [], column: [], parent: [], bytes: [] }
  const waiting = [{ node: head, parent: -1 }]
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { callFrame, selfSize, children } = next.node
    nodes.functionName.push(callFrame.functionName)
    nodes.url.push(callFrame.url)
    nodes.line.push(callFrame.lineNumber + 1)
    nodes.column.push(callFrame.columnNumber + 1)
    nodes.bytes.push(selfSize)
    const row = nodes.parent.push(next.parent) - 1
    for (const node of children) waiting.push({ node, parent: row })
  }
  return nodes
}
