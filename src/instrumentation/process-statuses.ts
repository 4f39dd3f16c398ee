import type { StatusPoints } from './record-sink.ts'

export interface ProcessStatuses {
  measure(on: boolean): void
  /** What was measured since the last time. */
  take(): StatusPoints[]
}

/** CPU and resident memory of the whole process, measured where a blocked event loop of the program can't stall it. */
export function createProcessStatuses(statusIntervalMs: number, memoryIntervalMs: number): ProcessStatuses {
  let timer: NodeJS.Timeout | undefined
  let times: bigint[] = []
  let cpu: number[] = []
  let rss: number[] = []
  let lastCpu = process.cpuUsage()
  let lastAt = process.hrtime.bigint()
  let memoryAt = 0n

  const status = (): void => {
    const at = process.hrtime.bigint()
    const used = process.cpuUsage(lastCpu)
    const elapsedUs = Number(at - lastAt) / 1000
    if (elapsedUs <= 0) return
    lastCpu = process.cpuUsage()
    lastAt = at
    const memoryIsDue = Number(at - memoryAt) / 1e6 >= memoryIntervalMs * 0.95
    if (memoryIsDue) memoryAt = at
    times.push(BigInt(Date.now()) * 1_000_000n)
    cpu.push((used.user + used.system) / elapsedUs)
    rss.push(memoryIsDue ? process.memoryUsage.rss() : NaN)
  }

  return {
    measure(on) {
      clearInterval(timer)
      if (!on) return
      lastCpu = process.cpuUsage()
      lastAt = process.hrtime.bigint()
      timer = setInterval(status, statusIntervalMs)
    },
    take() {
      if (times.length === 0) return []
      const points: StatusPoints = {
        threadId: 0,
        timeUnixNano: BigInt64Array.from(times),
        metrics: [
          { name: 'process.cpu.utilization', unit: '1', values: Float64Array.from(cpu) },
          { name: 'process.memory.usage', unit: 'By', values: Float64Array.from(rss) }
        ]
      }
      times = []
      cpu = []
      rss = []
      return [points]
    }
  }
}
