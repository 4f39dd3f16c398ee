// Statuses of Microlog for Python and the metrics that they are here, with OpenTelemetry's names where it has some.
import { statusMetrics } from '../../recording/statuses.ts'
import type { PythonStatus } from './python-recording.ts'

export type StatusField = Exclude<keyof PythonStatus, 'when'>

export interface PythonMetric {
  readonly name: string
  readonly unit: string
  /** The file's number for 1 of the metric's unit. */
  readonly scale: number
  readonly isInteger: boolean
}

const ratio = { unit: '1', scale: 100, isInteger: false }
const bytes = { unit: 'By', scale: 1, isInteger: true }
const count = { scale: 1, isInteger: true }

export const pythonMetrics: Readonly<Record<StatusField, PythonMetric>> = {
  cpu: { name: statusMetrics.cpu, ...ratio },
  systemCpu: { name: statusMetrics.system, ...ratio },
  memory: { name: statusMetrics.memory, ...bytes },
  memoryTotal: { name: 'system.memory.limit', ...bytes },
  memoryFree: { name: 'microlog.system.memory.available', ...bytes },
  moduleCount: { name: statusMetrics.modules, unit: '{module}', ...count },
  objectCount: { name: 'microlog.objects.alive', unit: '{object}', ...count }
}

export const statusFields = Object.keys(pythonMetrics) as StatusField[]

export const metricOfField = Object.fromEntries(
  statusFields.map(field => [field, pythonMetrics[field].name])
) as Record<StatusField, string>
