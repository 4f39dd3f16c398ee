import { MicrologError } from '../base/errors.ts'
import type { Recording } from '../recording/schema.ts'
import { weighThreads } from './weighed-samples.ts'

const rootId = 1

interface Node {
  id: number
  callFrame: { functionName: string; scriptId: string; url: string; lineNumber: number; columnNumber: number }
  hitCount: number
  children: number[]
}

/**
 * The timing samples of a thread as a V8 .cpuprofile. Its times are Unix microseconds, so that an import knows when
 * it was. Readers let a sample last until the next one: where no sample tells what the thread did, the root is sampled.
 * @param threadId the first sampled thread if not given
 */
export function writeCpuprofile(recording: Recording, threadId?: number): string {
  const threads = weighThreads(recording)
  const thread = threadId === undefined ? threads[0] : threads.find(({ id }) => id === threadId)
  if (!thread)
    throw new MicrologError('not-found', `Expected timing samples of thread ${threadId ?? 0}, found none`)
  const nodes = buildNodes(recording, thread.rows)
  const idByStack = new Map(nodes.map(({ stack, node }) => [stack, node.id]))
  const start = profileStart(recording, thread.rows)
  const samples: number[] = []
  const timeDeltas: number[] = []
  let [from, end] = [start, start]
  const addSample = (id: number, micros: number): void => {
    samples.push(id)
    timeDeltas.push(micros - from)
    nodes[id - 1]!.node.hitCount++
    from = micros
  }
  thread.rows.forEach((row, at) => {
    const nanos = recording.samples.time[row]!
    const micros = Math.round(nanos / 1000)
    if (at > 0 && micros > end) addSample(rootId, end)
    addSample(idByStack.get(recording.samples.stack[row]!)!, micros)
    end = Math.max(micros, Math.round((nanos + thread.weights[at]!) / 1000))
  })
  const epochMicros = Number(recording.epoch / 1000n)
  return JSON.stringify({
    nodes: nodes.map(({ node }) => node),
    startTime: epochMicros + start,
    endTime: epochMicros + end,
    samples,
    timeDeltas
  })
}

/** µs since the epoch: when the profile of the first sample began. */
function profileStart({ samples, profiles }: Recording, rows: Int32Array): number {
  const first = rows[0]!
  const began = profiles.time[samples.profile[first]!]!
  const sampled = samples.time[first]!
  return Math.round((began <= sampled ? began : sampled) / 1000)
}

/** A node for each stack on the way to a sample, parents first; the root, stack -1, is the first. Ids count from 1. */
function buildNodes(
  { stacks, frames, strings, samples }: Recording,
  rows: Int32Array
): { stack: number; node: Node }[] {
  const used = new Set<number>()
  for (const row of rows)
    for (let at = samples.stack[row]!; at >= 0 && !used.has(at); at = stacks.parent[at]!) used.add(at)
  const frameOf = (functionName: string, url: string, line: number, column: number) => ({
    functionName,
    scriptId: '0',
    url,
    lineNumber: line - 1,
    columnNumber: column - 1
  })
  const nodes = [
    {
      stack: -1,
      node: { id: rootId, callFrame: frameOf('(root)', '', 0, 0), hitCount: 0, children: [] as number[] }
    }
  ]
  const idByStack = new Map([[-1, rootId]])
  for (const stack of [...used].sort((a, b) => a - b)) {
    const frame = stacks.frame[stack]!
    const callFrame = frameOf(
      strings[frames.name[frame]!]!,
      strings[frames.url[frame]!]!,
      frames.line[frame]!,
      frames.column[frame]!
    )
    const id = nodes.length + 1
    nodes.push({ stack, node: { id, callFrame, hitCount: 0, children: [] } })
    nodes[idByStack.get(stacks.parent[stack]!)! - 1]!.node.children.push(id)
    idByStack.set(stack, id)
  }
  return nodes
}
