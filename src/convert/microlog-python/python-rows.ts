// The tables of a recording, filled with what Microlog for Python kept.
import { RecordingBuilder } from '../../recording/recording-builder.ts'
import { attributeType } from '../../recording/schema.ts'
import type { Recording } from '../../recording/schema.ts'
import { severityOfKind } from './python-level.ts'
import type { PythonRecording, PythonSite } from './python-recording.ts'
import { buildPythonSamples } from './python-samples.ts'
import { pythonMetrics, statusFields } from './python-statuses.ts'

const uidAttribute = 'log.record.uid'

export class PythonRows {
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
      const name = id === 0 ? 'main' : threadId
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
    for (const field of statusFields) {
      const { name, unit, scale, isInteger } = pythonMetrics[field]
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
