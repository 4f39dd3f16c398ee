import type { LinkedProfile, StatusPoints } from '../record-sink.ts'
import { isIdle } from './blocking-stack.ts'

/** Fewer tell too little of a step. */
const samplesPerStep = 10

/**
 * The share of a thread's samples in which it wasn't waiting, step by step, each at its end. Node's own figure is wrong
 * while a thread is sampled: each sample interrupts the wait for events, and of a wait that was interrupted libuv counts
 * only what came after that.
 */
export function loopUtilization(profile: LinkedProfile, statusIntervalMs: number): StatusPoints {
  const { stacks, wall, intervalUs, startUnixUs, endUnixUs, threadId } = profile
  const stepUs = Math.max(statusIntervalMs * 1000, samplesPerStep * intervalUs)
  const idle = Uint8Array.from(stacks.frame, (_, stack) => Number(isIdle(profile, stack)))
  const times: bigint[] = []
  const values: number[] = []
  for (let from = 0; from < wall.stack.length;) {
    const step = Math.floor((wall.timeUnixUs[from]! - startUnixUs) / stepUs)
    const endUs = Math.min(startUnixUs + (step + 1) * stepUs, endUnixUs)
    let to = from
    let busy = 0
    for (; to < wall.stack.length && (to === from || wall.timeUnixUs[to]! < endUs); to++) {
      const stack = wall.stack[to]!
      if (stack < 0 || idle[stack] === 0) busy++
    }
    times.push(BigInt(Math.round(endUs)) * 1000n)
    values.push(busy / (to - from))
    from = to
  }
  const metric = { name: 'nodejs.eventloop.utilization', unit: '1', values: Float64Array.from(values) }
  return { threadId, timeUnixNano: BigInt64Array.from(times), metrics: [metric] }
}
