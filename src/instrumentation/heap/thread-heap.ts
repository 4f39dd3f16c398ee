import { randomUUID } from 'node:crypto'
import { getHeapStatistics } from 'node:v8'
import type { ThreadProfile } from '../../otlp/thread-profile.ts'
import { buildHeapProfile } from './heap-profile.ts'
import { startHeapSampler, type HeapNodes } from './heap-sampler.ts'
import { clearInterval, setInterval } from '../real-clock.ts'

export interface ThreadHeap {
  /** What the program has allocated since the start and still uses; undefined where a look would hold it up for long. */
  look(): HeapNodes | undefined
  /** The last profile is handed over before this returns. */
  stop(): void
}

export interface ThreadHeapOptions {
  threadId: number
  threadName: string
  /** Send a profile each minute and at the end; looks are not limited then. */
  profiled: boolean
  unixUs(): number
  onProfile(profile: ThreadProfile): void
}

const profileEveryMs = 60_000
/** A look collects garbage: some 100 ms for this much. */
const mostBytesUnasked = 128 * 1024 * 1024

/** Samples allocations of this thread: a stack for each 512 KiB. */
export function startThreadHeap(options: ThreadHeapOptions): ThreadHeap {
  const { threadId, threadName, profiled } = options
  const sampler = startHeapSampler()
  const startUnixUs = options.unixUs()

  const look = (): HeapNodes | undefined =>
    profiled || getHeapStatistics().used_heap_size <= mostBytesUnasked ? sampler.read() : undefined
  const handOver = (): void => {
    const nodes = look()
    if (nodes === undefined) return
    const id = randomUUID().replaceAll('-', '')
    const endUnixUs = options.unixUs()
    options.onProfile(buildHeapProfile(nodes, { id, threadId, threadName, startUnixUs, endUnixUs }))
  }
  const timer = profiled ? setInterval(handOver, profileEveryMs).unref() : undefined
  return {
    look,
    stop() {
      clearInterval(timer)
      if (profiled) handOver()
      sampler.stop()
    }
  }
}
