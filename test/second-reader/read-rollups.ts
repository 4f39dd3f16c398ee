// What large segments hold in short, from docs/format.md alone.
import type { Block, Segment } from './read-segment.ts'

export interface Rollups {
  stackCounts: StackCounts | undefined
  /** Steps of a second, and of a minute. */
  statuses: (StatusSteps | undefined)[]
}

export interface StackCounts {
  frames: { name: string; url: string; line: number }[]
  calls: { frame: number; caller: number }[]
  endpoints: string[]
  rows: { endpoint: number; call: number; samples: number; ns: number }[]
}

export interface StatusSteps {
  stepMs: number
  curves: { metric: string; time: number[]; min: number[]; mean: number[]; max: number[] }[]
}

export function readRollups({ blocks }: Segment): Rollups {
  const counts = blocks.find(({ kind }) => kind === 15)
  const steps = [1, 2].map(chunk => blocks.find(block => block.kind === 16 && block.chunk === chunk))
  return {
    stackCounts: counts && readStackCounts(counts),
    statuses: steps.map(block => block && readStatusSteps(block))
  }
}

function readStackCounts({ content, count }: Block): StackCounts {
  const texts = content.times(content.varint(), () => content.text())
  const frameCount = content.varint()
  const [names, urls, lines] = content.times(3, () => content.column(frameCount))
  const callCount = content.varint()
  const frame = content.column(callCount)
  const caller = content.column(callCount)
  const endpoints = content.column(content.varint())
  const [endpoint, call, samples, ns] = content.times(4, () => content.column(count))
  return {
    frames: names!.map((name, row) => ({ name: texts[name]!, url: texts[urls![row]!]!, line: lines![row]! })),
    calls: frame.map((called, row) => ({ frame: called, caller: row - caller[row]! })),
    endpoints: endpoints.map(name => texts[name]!),
    rows: endpoint!.map((name, row) => ({
      endpoint: name,
      call: call![row]!,
      samples: samples![row]!,
      ns: ns![row]!
    }))
  }
}

function readStatusSteps({ content, count }: Block): StatusSteps {
  const stepMs = content.varint()
  const curves = content.times(count, () => {
    const metric = content.text()
    const steps = content.varint()
    const [time, min, mean, max] = content.times(4, () => content.column(steps))
    return { metric, time: time!, min: min!, mean: mean!, max: max! }
  })
  return { stepMs, curves }
}
