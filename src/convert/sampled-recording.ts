// A recording made of another profiler's file: one process, its threads and their timing samples. What such a file may
// claim is bounded here, for all formats alike.
import { MicrologError } from '../base/errors.ts'
import { longestExtension } from '../recording/calls.ts'
import { RecordingBuilder } from '../recording/recording-builder.ts'
import { attributeType } from '../recording/schema.ts'
import type { Recording } from '../recording/schema.ts'

/** What a profiler's file doesn't say itself. */
export interface ProfileOrigin {
  /** Becomes service.name: the file's name, say. */
  name: string
  /** When the profile began, where its own times don't count from 1970. */
  startUnixNano: bigint
}

/** A function as profilers name it. */
export interface ProfiledFunction {
  functionName: string
  url: string
  /** 1-based, 0 unknown. */
  line: number
  column: number
}

/** Samples of one thread that follow each other: a row of each column. */
export interface SamplesInRow {
  /** Row of a stack, -1 for a thread that did nothing. */
  stack: ArrayLike<number>
  /** ns until the next one. */
  lasting: ArrayLike<number>
  /** Set of attributes; none where the column is left out. */
  attributes?: ArrayLike<number>
}

/** V8 gives up at some ten thousand calls. */
export const deepestStack = 100_000
/** A stack's number below is made of two: 2^21 stacks × 2^31 frames is an exact one. */
const mostFrames = 2 ** 31
const mostStacks = 2_000_000
/** Over all samples, each of which has its callers with it. */
const mostCalls = 50_000_000
const mostSamples = 20_000_000
/** Each is looked at by itself when time is summed up. */
const mostThreads = 1000
/** Times of a recording are exact to the nanosecond within that. */
const longestNanos = 50 * 86_400e9

export class SampledRecording {
  readonly #builder: RecordingBuilder
  readonly #resource: number
  readonly #scope: number
  /** By caller and frame: quicker than interning rows, of which a deep sample would need a hundred thousand. */
  readonly #stacks = new Map<number, number>()
  #calls = 0
  /** By stack: the row of its caller, a smaller one; -1 for the outermost. */
  readonly parents: number[] = []
  /** By stack: the calls on it. */
  readonly depths: number[] = []

  /** @param resource attributes of the process, service.name among them */
  constructor(epoch: bigint, resource: Readonly<Record<string, string>>) {
    this.#builder = new RecordingBuilder(epoch)
    const attributes = this.addAttributes(Object.entries(resource))
    this.#resource = this.#builder.intern('resources', { attributes, droppedAttributes: 0, schemaUrl: 0 })
    this.#scope = this.#builder.intern('scopes', {
      name: 0,
      version: 0,
      attributes: 0,
      droppedAttributes: 0,
      schemaUrl: 0
    })
  }

  addAttributes(attributes: Iterable<readonly [key: string, value: string | number]>): number {
    const { strings, sets } = this.#builder
    for (const [key, value] of attributes) {
      if (typeof value === 'string')
        sets.add(strings.intern(key), attributeType.string, strings.intern(value))
      else
        sets.add(
          strings.intern(key),
          Number.isSafeInteger(value) ? attributeType.int : attributeType.double,
          value
        )
    }
    return sets.close()
  }

  addFrame({ functionName, url, line, column }: ProfiledFunction): number {
    const { strings } = this.#builder
    const name = strings.intern(functionName)
    return this.#builder.intern('frames', { name, url: strings.intern(url), line, column, packageId: 0 })
  }

  /** @param parent the caller's stack, -1 for none */
  addStack(frame: number, parent: number): number {
    if (++this.#calls > mostCalls) throw tooMany(mostCalls, 'calls on the stacks of its samples')
    const key = (parent + 1) * mostFrames + frame
    let row = this.#stacks.get(key)
    if (row === undefined) {
      const depth = parent < 0 ? 1 : this.depths[parent]! + 1
      if (depth > deepestStack) throw tooMany(deepestStack, 'calls on a stack')
      row = this.#builder.table('stacks').push({ frame, parent })
      if (row >= mostStacks) throw tooMany(mostStacks, 'different stacks')
      this.#stacks.set(key, row)
      this.parents.push(parent)
      this.depths.push(depth)
    }
    return row
  }

  /** @param id 0 for the main thread */
  addThread(id: number, name: string): number {
    const row = this.#builder.intern('threads', {
      id,
      name: this.#builder.strings.intern(name),
      resource: this.#resource
    })
    if (row >= mostThreads) throw tooMany(mostThreads, 'threads')
    return row
  }

  #addProfile(
    thread: number,
    { time, duration, period }: Record<'time' | 'duration' | 'period', number>
  ): number {
    const { strings } = this.#builder
    const wall = strings.intern('wall')
    return this.#builder.push('profiles', {
      resource: this.#resource,
      scope: this.#scope,
      thread,
      time,
      duration,
      sampleType: wall,
      sampleUnit: strings.intern('count'),
      periodType: wall,
      periodUnit: strings.intern('nanoseconds'),
      period,
      profileId: -1,
      attributes: 0,
      droppedAttributes: 0,
      original: -1
    })
  }

  #addSample(profile: number, time: number, stack: number, attributes = 0): void {
    const row = this.#builder.push('samples', { time, stack, link: 0, profile, value: 1, attributes })
    if (row >= mostSamples) throw tooMany(mostSamples, 'samples')
  }

  /**
   * Samples end to end, each of which counts for just as long as it lasts. A sample counts until the next one, but for
   * three periods at most, so the period is made long enough; the last counts for a period, so it gets one of its own.
   * @param start ns, of the first @param period ns from one sample to the next, usually
   * @param began ns, when the profiler began
   */
  addSamplesInRow(
    thread: number,
    { start, period, began = start }: { start: number; period: number; began?: number },
    { stack, lasting, attributes }: SamplesInRow
  ): void {
    const count = stack.length
    if (count === 0) return
    let [duration, longest] = [0, 0]
    for (let i = 0; i < count; i++) {
      duration += lasting[i]!
      if (stack[i]! >= 0) longest = Math.max(longest, lasting[i]!)
    }
    // Not `>`: NaN is none of it.
    if (!(start >= 0 && start + duration <= longestNanos))
      throw new MicrologError('too-large', 'Expected samples of at most 50 days in all')
    const time = Math.round(began)
    const usual = Math.max(1, Math.round(period), Math.ceil(longest / longestExtension))
    const last = Math.max(1, Math.round(lasting[count - 1]!))
    const profile = this.#addProfile(thread, {
      time,
      duration: Math.round(start + duration - began),
      period: usual
    })
    const ending = last === usual ? profile : this.#addProfile(thread, { time, duration: last, period: last })
    let at = start
    for (let i = 0; i < count; i++) {
      this.#addSample(i < count - 1 ? profile : ending, Math.round(at), stack[i]!, attributes?.[i])
      at += lasting[i]!
    }
  }

  finish(): Recording {
    return this.#builder.finish()
  }
}

function tooMany(most: number, what: string): MicrologError {
  return new MicrologError('too-large', `Expected at most ${most} ${what} in a profile`)
}
