import { MicrologError } from '../base/errors.ts'
import type { Recording } from '../recording/schema.ts'
import { listSampledThreads, timingProfiles } from '../recording/threads.ts'

interface Node {
  id: number
  callFrame: { functionName: string; scriptId: string; url: string; lineNumber: number; columnNumber: number }
  hitCount: number
  children: number[]
}

/**
 * The timing samples of a thread as a V8 .cpuprofile. Its times are Unix microseconds, so that an import knows when
 * it was. @param threadId the first sampled thread if not given
 */
export function writeCpuprofile(
  recording: Recording,
  threadId = listSampledThreads(recording)[0]?.id
): string {
  const rows = threadId === undefined ? [] : timedSamples(recording, threadId)
  if (rows.length === 0)
    throw new MicrologError('not-found', `Expected timing samples of thread ${threadId ?? 0}, found none`)
  const nodes = buildNodes(recording, rows)
  const idByStack = new Map(nodes.map(({ stack, node }) => [stack, node.id]))
  const micros = rows.map(row => Math.round(recording.samples.time[row]! / 1000))
  const start = profileStart(recording, rows)
  const epochMicros = Number(recording.epoch / 1000n)
  const samples = rows.map(row => idByStack.get(recording.samples.stack[row]!)!)
  for (const id of samples) nodes[id - 1]!.node.hitCount++
  return JSON.stringify({
    nodes: nodes.map(({ node }) => node),
    startTime: epochMicros + start,
    endTime: epochMicros + micros.at(-1)!,
    samples,
    timeDeltas: micros.map((time, at) => time - (at === 0 ? start : micros[at - 1]!))
  })
}

function timedSamples(recording: Recording, threadId: number): number[] {
  const { samples } = recording
  const timing = timingProfiles(recording, threadId)
  const rows: number[] = []
  for (let row = 0; row < samples.length; row++) {
    if (timing[samples.profile[row]!] && !Number.isNaN(samples.time[row]!)) rows.push(row)
  }
  return rows.sort((a, b) => samples.time[a]! - samples.time[b]!)
}

/** µs since the epoch: when the profile of the first sample began. */
function profileStart({ samples, profiles }: Recording, rows: readonly number[]): number {
  const first = rows[0]!
  const began = profiles.time[samples.profile[first]!]!
  const sampled = samples.time[first]!
  return Math.round((began <= sampled ? began : sampled) / 1000)
}

/** A node for each stack on the way to a sample, parents first; the root, stack -1, is the first. Ids count from 1. */
function buildNodes(
  { stacks, frames, strings, samples }: Recording,
  rows: readonly number[]
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
      node: { id: 1, callFrame: frameOf('(root)', '', 0, 0), hitCount: 0, children: [] as number[] }
    }
  ]
  const idByStack = new Map([[-1, 1]])
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
