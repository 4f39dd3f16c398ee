import type { Recording } from '../recording/schema.ts'
import { decodePythonRecording } from './microlog-python/python-recording.ts'
import type { PythonRecording } from './microlog-python/python-recording.ts'
import { PythonRows } from './microlog-python/python-rows.ts'

/** What a recording of Microlog for Python doesn't say itself. */
export interface PythonOrigin {
  /** Of the file: a label where it has none. Microlog names a file after when it saved it, by the clock on its wall. */
  name: string
  /** When it was saved if the name doesn't say so. */
  savedUnixMs: number
}

export interface PythonImport {
  label: string
  /** Of its process, also in the recording's table. */
  resource: Record<string, string>
  recording: Recording
}

const savedName = /^(20\d\d)_(\d\d)_(\d\d)_(\d\d)_(\d\d)_(\d\d)(?=\.|$)/

/**
 * Calls become samples, markers logs with their stacks, statuses metrics. @param pickle what the file inflates to
 */
export function readMicrologPython(pickle: Uint8Array, origin: PythonOrigin): PythonImport {
  const python = decodePythonRecording(pickle)
  const label = python.application || origin.name.replace(/\.zip$/i, '') || 'microlog-python'
  const version = runtimeVersion(python)
  const resource = {
    'service.name': label,
    'process.runtime.name': 'Python',
    ...(version !== undefined && { 'process.runtime.version': version })
  }
  const rows = new PythonRows(startUnixNano(python, origin), resource)
  rows.addCalls(python)
  rows.addMarkers(python)
  rows.addStatuses(python)
  return { label, resource, recording: rows.finish() }
}

/** It is saved at its end. */
function startUnixNano(python: PythonRecording, { name, savedUnixMs }: PythonOrigin): bigint {
  const [, ...parts] = savedName.exec(name) ?? []
  const [year = 0, month = 0, ...rest] = parts.map(Number)
  const saved = parts.length > 0 ? new Date(year, month - 1, ...rest).getTime() : savedUnixMs
  return BigInt(Math.round(saved - lastMoment(python) * 1000)) * 1_000_000n
}

function lastMoment({ calls, markers, statuses }: PythonRecording): number {
  let last = 0
  for (const { when, duration } of calls) last = Math.max(last, when + duration)
  for (const { when } of markers) last = Math.max(last, when)
  for (const { when } of statuses) last = Math.max(last, when)
  return last
}

/** One of its first markers tells it. */
function runtimeVersion({ markers }: PythonRecording): string | undefined {
  for (const { message } of markers.slice(0, 10)) {
    const found = /^Python version: (\d[\w.+-]*)/.exec(message)
    if (found) return found[1]
  }
  return undefined
}
