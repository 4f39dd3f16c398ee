// What Microlog for Python keeps of a run, checked field by field: a pickle may hold anything under these names. Older
// versions wrote some attributes in another case, and not all of them.
import { MicrologError } from '../../base/errors.ts'
import { PickleObject, decodePickle } from './decode-pickle.ts'
import type { PickleClasses, PickleValue } from './decode-pickle.ts'

export const pythonClasses: PickleClasses = {
  module: 'microlog.models',
  names: ['Recording', 'Call', 'CallSite', 'Marker', 'Stack', 'Status']
}

/** Times and durations are seconds, `when` since Microlog was imported. */
export interface PythonRecording {
  readonly application: string
  /** What a language model said of it, below a line that names it; '' where none was asked. */
  readonly analysis: string
  /** In the order in which they ended. */
  readonly calls: readonly PythonCall[]
  readonly markers: readonly PythonMarker[]
  readonly statuses: readonly PythonStatus[]
}

export interface PythonCall {
  readonly when: number
  readonly duration: number
  /** As Python names it; too large for a number on some systems. */
  readonly threadId: string
  readonly site: PythonSite
  /** 0 for the outermost. */
  readonly depth: number
}

export interface PythonSite {
  readonly filename: string
  /** Where it was when it was first seen, 1-based; 0 unknown. */
  readonly line: number
  /** module.class.function; the class may be empty. */
  readonly name: string
}

export interface PythonMarker {
  readonly when: number
  /** Its own (3 info, 4 warn, 5 debug, 6 error), or a level of Python's logging. */
  readonly kind: number
  readonly message: string
  /** Outermost first; those of equal content may be one array. */
  readonly stack: readonly PythonSite[]
}

/** What wasn't written is undefined. CPU is in percent, the process's of one core; memory in bytes. */
export interface PythonStatus {
  readonly when: number
  readonly cpu: number | undefined
  readonly systemCpu: number | undefined
  readonly memory: number | undefined
  readonly memoryTotal: number | undefined
  readonly memoryFree: number | undefined
  readonly moduleCount: number | undefined
  readonly objectCount: number | undefined
}

/** Further from its start a time doesn't fit beside it. */
const longestSeconds = 52 * 86_400
const largestInteger = 2 ** 31
/** Two bytes of a pickle can name what is there already once more. */
const mostItems = 2_000_000

/** @param bytes of the pickle */
export function decodePythonRecording(bytes: Uint8Array): PythonRecording {
  const root = objectOf(decodePickle(bytes, pythonClasses), 'Recording')
  return {
    application: optionalText(root, 'application'),
    analysis: optionalText(root, 'analysis'),
    calls: listOf(root, 'calls').map(readCall),
    markers: readMarkers(listOf(root, 'markers')),
    statuses: listOf(root, 'statuses').map(readStatus)
  }
}

function readCall(value: PickleValue): PythonCall {
  const call = objectOf(value, 'Call')
  const depth = readNumber(call, 'depth')
  if (!Number.isInteger(depth) || depth < 0) throw bad('a depth from 0 in a Call')
  return {
    when: readSeconds(call, 'when'),
    duration: readSeconds(call, 'duration'),
    threadId: readThreadId(call),
    site: readSite(find(call, 'call_site', 'callSite')),
    depth
  }
}

function readThreadId(call: PickleObject): string {
  const id = find(call, 'thread_id', 'threadId') ?? 0
  if (typeof id !== 'number' && typeof id !== 'bigint') throw bad('a number as thread_id in a Call')
  return String(id)
}

function readSite(value: PickleValue | undefined): PythonSite {
  const site = objectOf(value, 'CallSite')
  const line = readNumber(site, 'lineno')
  return {
    filename: readText(site, 'filename'),
    line: Number.isInteger(line) && line > 0 && line < largestInteger ? line : 0,
    name: readText(site, 'name')
  }
}

function readMarkers(values: readonly PickleValue[]): PythonMarker[] {
  // A list that many markers share is read once: else a small file could take any time.
  const known = new Map<PickleValue, readonly PythonSite[]>()
  return values.map(value => {
    const marker = objectOf(value, 'Marker')
    const list = listOf(objectOf(find(marker, 'stack'), 'Stack'), 'call_sites', 'callSites')
    const stack = known.get(list) ?? list.map(readSite)
    known.set(list, stack)
    return {
      when: readSeconds(marker, 'when'),
      kind: readNumber(marker, 'kind'),
      message: readText(marker, 'message'),
      stack
    }
  })
}

function readStatus(value: PickleValue): PythonStatus {
  const status = objectOf(value, 'Status')
  const number = (...names: string[]): number | undefined => {
    const found = find(status, ...names)
    if (found === undefined || found === null) return undefined
    const read = Number(found)
    if ((typeof found === 'number' || typeof found === 'bigint') && Number.isFinite(read)) return read
    throw bad(`a number as ${names[0]} in a Status`)
  }
  return {
    when: readSeconds(status, 'when'),
    cpu: number('cpu'),
    systemCpu: number('system_cpu', 'systemCpu'),
    memory: number('memory'),
    memoryTotal: number('memory_total', 'memoryTotal'),
    memoryFree: number('memory_free', 'memoryFree'),
    moduleCount: number('module_count', 'moduleCount'),
    objectCount: number('object_count', 'objectCount')
  }
}

function objectOf(value: PickleValue | undefined, className: string): PickleObject {
  if (value instanceof PickleObject && value.className === className) return value
  throw bad(`a ${className} in a recording of Microlog for Python`)
}

/** What it has under the first of the names that it has. */
function find({ attributes }: PickleObject, ...names: string[]): PickleValue | undefined {
  const name = names.find(known => attributes.has(known))
  return name === undefined ? undefined : attributes.get(name)
}

function listOf(object: PickleObject, ...names: string[]): PickleValue[] {
  const list = find(object, ...names)
  if (!Array.isArray(list)) throw bad(`a list of ${names[0]} in a ${object.className}`)
  if (list.length <= mostItems) return list
  throw new MicrologError('too-large', `Expected at most ${mostItems} ${names[0]}, found ${list.length}`)
}

function readText(object: PickleObject, name: string): string {
  const text = find(object, name)
  if (typeof text === 'string') return text
  throw bad(`a text as ${name} in a ${object.className}`)
}

function optionalText(object: PickleObject, name: string): string {
  return object.attributes.has(name) ? readText(object, name) : ''
}

function readNumber(object: PickleObject, name: string): number {
  const number = find(object, name)
  if (typeof number === 'number' && Number.isFinite(number)) return number
  throw bad(`a number as ${name} in a ${object.className}`)
}

function readSeconds(object: PickleObject, name: string): number {
  const seconds = readNumber(object, name)
  if (seconds >= 0 && seconds <= longestSeconds) return seconds
  throw bad(`0 to ${longestSeconds} seconds as ${name} in a ${object.className}`)
}

function bad(expected: string): MicrologError {
  return new MicrologError('invalid-input', `Expected ${expected}`)
}
