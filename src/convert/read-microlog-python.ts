import { attributeType } from '../recording/schema.ts'
import type { Recording } from '../recording/schema.ts'
import { RecordingBuilder } from '../recording/recording-builder.ts'
import { severityOfKind } from './microlog-python/python-level.ts'
import { decodePythonRecording } from './microlog-python/python-recording.ts'
import type { PythonRecording, PythonSite } from './microlog-python/python-recording.ts'
import { buildPythonSamples } from './microlog-python/python-samples.ts'
import { pythonMetrics } from './microlog-python/python-statuses.ts'

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

const savedName = /^(\d{4})_(\d\d)_(\d\d)_(\d\d)_(\d\d)_(\d\d)(?=\.|$)/
const uidAttribute = 'log.record.uid'

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

class PythonRows {
  readonly #builder: RecordingBuilder
  readonly #resource: number
  readonly #scope: number
  /** By name and file: a call is a function wherever in it it was first seen. */
  readonly #functionFrames = new Map<string, number>()

  constructor(epoch: bigint, resource: Record<string, string>) {
    this.#builder = new RecordingBuilder(epoch)
    this.#resource = this.#builder.intern('resources', {
      attributes: this.#set(resource),
      droppedAttributes: 0,
      schemaUrl: 0
    })
    this.#scope = this.#builder.intern('scopes', {
      name: 0,
      version: 0,
      attributes: 0,
      droppedAttributes: 0,
      schemaUrl: 0
    })
  }

  addCalls({ calls }: PythonRecording): void {
    const { threads, caller, period } = buildPythonSamples(calls)
    const lines = firstLines(calls.map(({ site }) => site))
    const stacks = new Int32Array(calls.length).fill(-1)
    const stackOf = (call: number): number => {
      const missing: number[] = []
      for (let at = call; at >= 0 && stacks[at] === -1; at = caller[at]!) missing.push(at)
      for (const at of missing.reverse()) {
        const parent = caller[at]! < 0 ? -1 : stacks[caller[at]!]!
        stacks[at] = this.#stack(this.#functionFrame(calls[at]!.site, lines), parent)
      }
      return call < 0 ? -1 : stacks[call]!
    }
    threads.forEach(({ threadId, time, call }, id) => {
      const name = id === 0 ? 'main' : `thread ${threadId}`
      const profile = this.#profile({ id, name }, 'wall', time, period * 1000)
      time.forEach((micros, i) => this.#sample(micros * 1000, stackOf(call[i]!), profile, 0))
    })
  }

  addMarkers({ markers, analysis }: PythonRecording): void {
    const times = markers.map(({ when }) => nanos(when) / 1000)
    const profile = this.#profile({ id: 0, name: 'main' }, 'log', times, 0)
    const stacks = new Map<readonly PythonSite[], number>()
    markers.forEach(({ when, kind, message, stack }, i) => {
      const attributes = this.#set({ [uidAttribute]: `py-${(i + 1).toString(36)}` })
      this.#log(when, severityOfKind(kind), message, attributes)
      if (stack.length === 0) return
      let row = stacks.get(stack)
      if (row === undefined) {
        row = -1
        for (const site of stack) row = this.#stack(this.#frame(site, site.line), row)
        stacks.set(stack, row)
      }
      this.#sample(nanos(when), row, profile, attributes)
    })
    if (analysis !== '') this.#log(Math.max(0, ...times.slice(-1)) / 1e6, severityOfKind(3), analysis, 0)
  }

  addStatuses({ statuses }: PythonRecording): void {
    for (const { field, name, unit, scale, isInteger } of pythonMetrics) {
      const series = this.#builder.intern('series', {
        name: this.#text(name),
        description: 0,
        unit: this.#text(unit),
        kind: 0,
        temporality: 0,
        monotonic: 0,
        attributes: 0,
        valueType: isInteger ? 0 : 1,
        resource: this.#resource,
        scope: this.#scope
      })
      for (const status of statuses) {
        const value = status[field]
        if (value === undefined) continue
        const time = nanos(status.when)
        this.#builder.push('points', { series, time, startTime: NaN, value: value / scale, flags: 0 })
      }
    }
  }

  finish(): Recording {
    return this.#builder.finish()
  }

  /** @param times µs, ascending */
  #profile(
    thread: { id: number; name: string },
    type: string,
    times: readonly number[],
    period: number
  ): number {
    const from = (times[0] ?? 0) * 1000
    return this.#builder.push('profiles', {
      resource: this.#resource,
      scope: this.#scope,
      thread: this.#builder.intern('threads', {
        id: thread.id,
        name: this.#text(thread.name),
        resource: this.#resource
      }),
      time: from,
      duration: Math.max(0, (times.at(-1) ?? 0) * 1000 - from),
      sampleType: this.#text(type),
      sampleUnit: this.#text('count'),
      periodType: period > 0 ? this.#text('wall') : 0,
      periodUnit: period > 0 ? this.#text('nanoseconds') : 0,
      period,
      profileId: -1,
      attributes: 0,
      droppedAttributes: 0,
      original: -1
    })
  }

  #sample(time: number, stack: number, profile: number, attributes: number): void {
    this.#builder.push('samples', { time, stack, link: 0, profile, value: 1, attributes })
  }

  #log(when: number, severity: number, message: string, attributes: number): void {
    this.#builder.sets.add(0, attributeType.string, this.#text(message))
    this.#builder.push('logs', {
      time: nanos(when),
      observedTime: NaN,
      severity,
      severityText: 0,
      eventName: 0,
      body: this.#builder.sets.close(),
      link: 0,
      flags: 0,
      attributes,
      droppedAttributes: 0,
      resource: this.#resource,
      scope: this.#scope
    })
  }

  #functionFrame(site: PythonSite, lines: ReadonlyMap<string, number>): number {
    const key = functionKey(site)
    let row = this.#functionFrames.get(key)
    if (row === undefined) this.#functionFrames.set(key, (row = this.#frame(site, lines.get(key) ?? 0)))
    return row
  }

  #frame({ name, filename }: PythonSite, line: number): number {
    return this.#builder.intern('frames', {
      name: this.#text(name),
      url: this.#text(filename),
      line,
      column: 0,
      packageId: 0
    })
  }

  #stack(frame: number, parent: number): number {
    return this.#builder.intern('stacks', { frame, parent })
  }

  #set(texts: Record<string, string>): number {
    for (const [key, text] of Object.entries(texts))
      this.#builder.sets.add(this.#text(key), attributeType.string, this.#text(text))
    return this.#builder.sets.close()
  }

  #text(text: string): number {
    return this.#builder.strings.intern(text)
  }
}

/** By function the smallest line that it was seen at: the file doesn't say where it begins. */
function firstLines(sites: readonly PythonSite[]): Map<string, number> {
  const lines = new Map<string, number>()
  for (const site of sites) {
    const key = functionKey(site)
    lines.set(key, Math.min(lines.get(key) ?? Infinity, site.line))
  }
  return lines
}

function functionKey({ name, filename }: PythonSite): string {
  return `${filename}\0${name}`
}

function nanos(seconds: number): number {
  return Math.round(seconds * 1e9)
}
