// Statuses of Microlog for Python and the metrics that they are here, with OpenTelemetry's names where it has some.
import { statusMetrics } from '../../recording/statuses.ts'
import type { PythonStatus } from './python-recording.ts'

export interface PythonMetric {
  readonly field: Exclude<keyof PythonStatus, 'when'>
  readonly name: string
  readonly unit: string
  /** The file's number for 1 of the metric's unit. */
  readonly scale: number
  readonly isInteger: boolean
}

const ratio = { unit: '1', scale: 100, isInteger: false }
const bytes = { unit: 'By', scale: 1, isInteger: true }

export const pythonMetrics: readonly PythonMetric[] = [
  { field: 'cpu', name: statusMetrics.cpu, ...ratio },
  { field: 'systemCpu', name: statusMetrics.system, ...ratio },
  { field: 'memory', name: statusMetrics.memory, ...bytes },
  { field: 'memoryTotal', name: 'system.memory.limit', ...bytes },
  { field: 'memoryFree', name: 'microlog.system.memory.available', ...bytes },
  { field: 'moduleCount', name: statusMetrics.modules, unit: '{module}', scale: 1, isInteger: true },
  { field: 'objectCount', name: 'microlog.objects.alive', unit: '{object}', scale: 1, isInteger: true }
]
