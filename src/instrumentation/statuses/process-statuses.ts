import type { StatusPoints } from '../record-sink.ts'
import { createSystemCpu } from './system-cpu.ts'

export interface ProcessStatuses {
  measure(on: boolean): void
  /** What was measured since the last time. */
  take(): StatusPoints[]
}

/**
 * CPU and resident memory of the whole process and CPU of the machine, measured where a blocked event loop of the program
 * can't stall it: without a gap.
 */
export function createProcessStatuses(statusIntervalMs: number): ProcessStatuses {
  let timer: NodeJS.Timeout | undefined
  let times: bigint[] = []
  let cpu: number[] = []
  let systemCpu: number[] = []
  let rss: number[] = []
  let lastCpu = process.cpuUsage()
  let lastAt = process.hrtime.bigint()
  const readSystemCpu = createSystemCpu()

  const status = (): void => {
    const at = process.hrtime.bigint()
    const used = process.cpuUsage()
    const elapsedUs = Number(at - lastAt) / 1000
    if (elapsedUs <= 0) return
    times.push(BigInt(Date.now()) * 1_000_000n)
    cpu.push((used.user - lastCpu.user + used.system - lastCpu.system) / elapsedUs)
    lastCpu = used
    lastAt = at
    systemCpu.push(readSystemCpu())
    rss.push(process.memoryUsage.rss())
  }

  return {
    measure(on) {
      clearInterval(timer)
      if (!on) return
      lastCpu = process.cpuUsage()
      lastAt = process.hrtime.bigint()
      readSystemCpu()
      timer = setInterval(status, statusIntervalMs)
    },
    take() {
      if (times.length === 0) return []
      const points: StatusPoints = {
        threadId: 0,
        timeUnixNano: BigInt64Array.from(times),
        metrics: [
          { name: 'process.cpu.utilization', unit: '1', values: Float64Array.from(cpu) },
          { name: 'system.cpu.utilization', unit: '1', values: Float64Array.from(systemCpu) },
          { name: 'process.memory.usage', unit: 'By', values: Float64Array.from(rss) }
        ]
      }
      times = []
      cpu = []
      systemCpu = []
      rss = []
      return [points]
    }
  }
}
