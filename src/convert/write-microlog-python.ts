// A recording as Microlog for Python keeps one: its calls, logs and statuses. Spans have no place in it.
import { nanosPerSecond } from '../base/units.ts'
import { buildCalls } from '../recording/calls.ts'
import { filePath, frameName } from '../recording/frame-names.ts'
import { buildLogEntries, stackFrames } from '../recording/log-entries.ts'
import type { Recording } from '../recording/schema.ts'
import { readCurves, statusAt } from '../recording/statuses.ts'
import type { StatusCurve } from '../recording/statuses.ts'
import { listSampledThreads } from '../recording/threads.ts'
import { rangeOfRecording } from '../recording/time-range.ts'
import { encodePickle } from './microlog-python/encode-pickle.ts'
import type { PickledObject } from './microlog-python/encode-pickle.ts'
import { encodeZstd } from './microlog-python/encode-zstd.ts'
import { kindOfLevel } from './microlog-python/python-level.ts'
import { pythonClasses } from './microlog-python/python-recording.ts'
import { metricOfField, pythonMetrics } from './microlog-python/python-statuses.ts'

/** As long as the original draws a marker, in seconds. */
const markerDuration = 0.1

/** @param application what its list calls the recording */
export function writeMicrologPython(recording: Recording, application: string): Uint8Array {
  const sites = new PythonSites(recording, rangeOfRecording(recording).from)
  const root: PickledObject = {
    className: 'Recording',
    attributes: {
      application,
      calls: pickleCalls(recording, sites),
      markers: pickleMarkers(recording, sites),
      statuses: pickleStatuses(recording, sites),
      analysis: ''
    }
  }
  return encodeZstd(encodePickle(root, pythonClasses.module))
}

/** In the order in which they ended: inner ones before their callers. */
function pickleCalls(recording: Recording, sites: PythonSites): PickledObject[] {
  const found: { end: number; depth: number; call: PickledObject }[] = []
  for (const { id } of listSampledThreads(recording)) {
    const { length, start, end, depth, frame, parent } = buildCalls(recording, id)
    for (let row = 0; row < length; row++) {
      const caller = parent[row]!
      const call: PickledObject = {
        className: 'Call',
        attributes: {
          when: sites.seconds(start[row]!),
          thread_id: id + 1,
          call_site: sites.site(frame[row]!, start[row]!),
          caller_site: caller < 0 ? unknownSite : sites.site(frame[caller]!, start[caller]!),
          depth: depth[row]!,
          duration: toMillis((end[row]! - start[row]!) / nanosPerSecond)
        }
      }
      found.push({ end: end[row]!, depth: depth[row]!, call })
    }
  }
  return found.sort((a, b) => a.end - b.end || b.depth - a.depth).map(({ call }) => call)
}

function pickleMarkers(recording: Recording, sites: PythonSites): PickledObject[] {
  return buildLogEntries(recording).map(({ time, level, body, stack }) => {
    const frames = stackFrames(recording, stack).reverse()
    return {
      className: 'Marker',
      attributes: {
        when: sites.seconds(time),
        kind: kindOfLevel[level],
        message: body,
        stack: {
          className: 'Stack',
          attributes: {
            index: 0,
            when: sites.seconds(time),
            call_sites: frames.map(frame => sites.site(frame, time))
          }
        },
        duration: markerDuration
      }
    }
  })
}

/** One for each moment at which its CPU or memory was told; the others as they were last. */
function pickleStatuses(recording: Recording, sites: PythonSites): PickledObject[] {
  const curves = readCurves(recording, metricOfField)
  const times = [...new Set([...curves.cpu.time, ...curves.memory.time])].sort((a, b) => a - b)
  const most = curves.memory.value.reduce((largest, value) => Math.max(largest, value), 0)
  return times.map(time => {
    const told = (field: keyof typeof curves): number => valueAt(curves[field], time)
    const percent = (field: 'cpu' | 'systemCpu'): number => told(field) * pythonMetrics[field].scale
    return {
      className: 'Status',
      attributes: {
        when: sites.seconds(time),
        cpu: Math.round(Math.min(100, percent('cpu'))),
        system_cpu: percent('systemCpu'),
        memory: told('memory'),
        // The original divides by it.
        memory_total: told('memoryTotal') || Math.max(1, most),
        memory_free: told('memoryFree'),
        module_count: told('moduleCount'),
        object_count: told('objectCount'),
        duration: 0
      }
    }
  })
}

function valueAt(curve: StatusCurve, time: number): number {
  return statusAt(curve, time) ?? 0
}

const unknownSite = callSite('', 0, 'UNKNOWN', 0)

function callSite(filename: string, lineno: number, name: string, when: number): PickledObject {
  return { className: 'CallSite', attributes: { filename, lineno, name, when, duration: 0 } }
}

/** Frames as the original names them, and times as it counts them. */
class PythonSites {
  readonly #recording: Recording
  readonly #from: number

  /** @param from ns: its start */
  constructor(recording: Recording, from: number) {
    this.#recording = recording
    this.#from = from
  }

  site(frame: number, time: number): PickledObject {
    const { frames, strings } = this.#recording
    const url = strings[frames.url[frame]!]!
    const name = pythonName(frameName(this.#recording, frame), url)
    return callSite(filePath(url) ?? url, frames.line[frame]!, name, this.seconds(time))
  }

  seconds(time: number): number {
    return toMillis((time - this.#from) / nanosPerSecond)
  }
}

/** module.class.function, with nothing for a class that there isn't; what came from Python has such a name. */
function pythonName(name: string, url: string): string {
  if (url.endsWith('.py')) return name
  const file = url.split(/[\\/]/).at(-1)!
  const module = file.replace(/\.[cm]?[jt]sx?$/, '').replaceAll('.', '_') || 'v8'
  const at = name.lastIndexOf('.')
  return at < 0
    ? `${module}..${name}`
    : `${module}.${name.slice(0, at).replaceAll('.', '_')}.${name.slice(at + 1)}`
}

function toMillis(seconds: number): number {
  return Math.max(0, Math.round(seconds * 1000) / 1000)
}
