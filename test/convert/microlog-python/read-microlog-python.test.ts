import { describe, expect, test } from 'vitest'
import { MicrologError } from '../../../src/base/errors.ts'
import { readMicrologPython } from '../../../src/convert/read-microlog-python.ts'
import { attributeText, bodyText } from '../../../src/recording/attributes.ts'
import { buildCalls } from '../../../src/recording/calls.ts'
import type { Calls } from '../../../src/recording/calls.ts'
import { buildLogEntries, stackFrames } from '../../../src/recording/log-entries.ts'
import type { Recording } from '../../../src/recording/schema.ts'
import { readStatuses } from '../../../src/recording/statuses.ts'
import { summarizeFunctions } from '../../../src/recording/summary.ts'
import { listThreads } from '../../../src/recording/threads.ts'
import { expectedPython, functionTimes, pythonFixtures, pythonPickle } from './python-fixtures.ts'

/** Times in the file are rounded twice. */
const roundingMs = 2

function read(name: string): Recording {
  return readMicrologPython(pythonPickle(name), { name: expectedPython(name).file, savedUnixMs: 0 }).recording
}

function frameText({ frames, strings }: Recording, frame: number, line = frames.line[frame]): string {
  return `${strings[frames.name[frame]!]} ${strings[frames.url[frame]!]}:${line}`
}

describe.each(pythonFixtures)('%s of Microlog for Python', name => {
  test('has the same functions with the same durations', () => {
    const expected = functionTimes(expectedPython(name))
    const found = new Map(
      summarizeFunctions(read(name)).map(({ file, name, totalMs }) => [`${file} ${name}`, totalMs])
    )
    expect([...found.keys()].sort()).toEqual([...expected.keys()].sort())
    for (const [key, ms] of expected) expect(Math.abs(found.get(key)! - ms), key).toBeLessThan(roundingMs)
  })

  test('has the same calls at the same times and depths on each thread', () => {
    const recording = read(name)
    const { calls } = expectedPython(name)
    const threads = listThreads(recording)
    expect(threads.map(({ name }) => name).sort()).toEqual(
      [...new Set(calls.map(({ thread_id }) => thread_id))]
        .map(id => (isMain(id) ? 'main' : String(id)))
        .sort()
    )
    for (const thread of threads) {
      const own = calls.filter(({ thread_id: id }) =>
        thread.id === 0 ? isMain(id) : thread.name === String(id)
      )
      const expected = own
        .map(({ when, depth, duration, call_site: { name } }) => ({
          name,
          depth,
          when: when * 1000,
          duration: duration * 1000
        }))
        .sort((a, b) => a.when - b.when || a.depth - b.depth)
      const found = callRows(recording, buildCalls(recording, thread.id))
      expect(found.map(({ name, depth }) => `${depth} ${name}`)).toEqual(
        expected.map(({ name, depth }) => `${depth} ${name}`)
      )
      found.forEach((call, i) => {
        expect(Math.abs(call.when - expected[i]!.when)).toBeLessThan(roundingMs)
        expect(Math.abs(call.duration - expected[i]!.duration)).toBeLessThan(roundingMs)
      })
    }

    function isMain(id: number): boolean {
      return calls.some(call => call.thread_id === id && call.call_site.name.endsWith('<module>'))
    }
  })

  test('has each marker as a log with its level, time, text and stack', () => {
    const recording = read(name)
    const { markers } = expectedPython(name)
    const entries = buildLogEntries(recording)
    expect(entries).toHaveLength(markers.length)
    const levels: Record<number, string> = {
      3: 'info',
      5: 'debug',
      6: 'error',
      10: 'debug',
      20: 'info',
      30: 'warn',
      40: 'error',
      50: 'fatal'
    }
    entries.forEach((entry, i) => {
      const marker = markers[i]!
      expect(entry).toMatchObject({ level: levels[marker.kind], body: marker.message, own: false })
      expect(entry.time).toBeCloseTo(marker.when * 1e9, -1)
      const frames = stackFrames(recording, entry.stack).reverse()
      expect(frames.map(frame => frameText(recording, frame))).toEqual(
        marker.stack.frames.map(({ name, filename, lineno }) => `${name} ${filename}:${lineno}`)
      )
    })
  })

  test('has each status as metrics under the names that others use', () => {
    const recording = read(name)
    const { statuses } = expectedPython(name)
    const curves = readStatuses(recording)
    expect([...curves.cpu.value]).toEqual(statuses.map(({ cpu }) => cpu / 100))
    expect([...curves.system.value]).toEqual(statuses.map(({ system_cpu }) => system_cpu / 100))
    expect([...curves.memory.value]).toEqual(statuses.map(({ memory }) => memory))
    expect([...curves.modules.value]).toEqual(statuses.map(({ module_count }) => module_count))
    expect([...curves.cpu.time]).toEqual(statuses.map(({ when }) => Math.round(when * 1e9)))
    expect(recording.points.length).toBe(7 * statuses.length)
  })
})

test('a recording began before it was saved under the name it has, and is named as it says', () => {
  const { label, resource, recording } = readMicrologPython(pythonPickle('hello'), {
    name: '2026_11_22_07_09_23.zip',
    savedUnixMs: 0
  })
  expect(label).toBe('demo-hello')
  expect(resource).toEqual({
    'service.name': 'demo-hello',
    'process.runtime.name': 'Python',
    'process.runtime.version': '3.11.2'
  })
  expect(attributeText(recording, recording.resources.attributes[0]!, 'service.name')).toBe('demo-hello')
  const saved = new Date(2026, 10, 22, 7, 9, 23).getTime()
  expect(Number(recording.epoch / 1_000_000n)).toBe(saved - 3032)
  const other = readMicrologPython(pythonPickle('hello'), {
    name: 'other.zip',
    savedUnixMs: 1_795_000_000_000
  })
  expect(Number(other.recording.epoch / 1_000_000n)).toBe(1_795_000_000_000 - 3032)
})

test('attributes are read by the names that older versions gave them', () => {
  const older = Object.entries({
    call_site: 'callSite',
    caller_site: 'callerSite',
    thread_id: 'threadId',
    call_sites: 'callSites',
    system_cpu: 'systemCpu',
    memory_total: 'memoryTotal',
    memory_free: 'memoryFree',
    module_count: 'moduleCount',
    object_count: 'objectCount',
    analysis: 'nothing'
  })
  const pickle = older.reduce((bytes, [name, old]) => renamed(bytes, name, old), pythonPickle('threads'))
  const origin = { name: expectedPython('threads').file, savedUnixMs: 0 }
  expect(readMicrologPython(pickle, origin)).toEqual(readMicrologPython(pythonPickle('threads'), origin))
})

test('what a language model said of a recording is the last entry of its log', () => {
  const pickle = Buffer.from(pythonPickle('hello'))
  const at = pickle.indexOf('analysis')
  // MEMOIZE, then the empty text.
  expect([...pickle.subarray(at + 8, at + 11)]).toEqual([0x94, 0x8c, 0])
  const said = Buffer.concat([
    pickle.subarray(0, at + 10),
    Buffer.from('\x09model\nfast'),
    pickle.subarray(at + 11)
  ])
  said[at + 10] = 'model\nfast'.length
  const { recording } = readMicrologPython(said, { name: '', savedUnixMs: 0 })
  const { logs } = recording
  expect(bodyText(recording, logs.body[logs.length - 1]!)).toBe('model\nfast')
  expect(logs.length).toBe(20)
})

test('a pickle that ends early is refused, wherever it ends', () => {
  const whole = pythonPickle('fib')
  for (let length = 0; length < whole.length; length++) {
    expect(() => readMicrologPython(whole.subarray(0, length), { name: '', savedUnixMs: 0 })).toThrow(
      MicrologError
    )
  }
})

test('attributes of another kind are refused with what was expected', () => {
  const pickle = pythonPickle('hello')
  const withoutCalls = renamed(pickle, 'calls', 'cells')
  expect(() => readMicrologPython(withoutCalls, { name: '', savedUnixMs: 0 })).toThrow(
    'Expected a list of calls in a Recording'
  )
  const withoutDepth = renamed(pickle, 'depth', 'death')
  expect(() => readMicrologPython(withoutDepth, { name: '', savedUnixMs: 0 })).toThrow(
    'Expected a number as depth in a Call'
  )
  const swapped = renamed(renamed(pickle, 'when', 'name'), 'name', 'x')
  expect(() => readMicrologPython(swapped, { name: '', savedUnixMs: 0 })).toThrow(MicrologError)
})

function callRows(recording: Recording, calls: Calls) {
  const { frames, strings } = recording
  return Array.from({ length: calls.length }, (_, row) => ({
    name: strings[frames.name[calls.frame[row]!]!],
    depth: calls.depth[row],
    when: calls.start[row]! / 1e6,
    duration: (calls.end[row]! - calls.start[row]!) / 1e6
  }))
}

/** The pickle with a short text in the place of another one, wherever that is written out. */
function renamed(pickle: Uint8Array, from: string, to: string): Uint8Array {
  const text = (of: string): string => `\x8c${String.fromCharCode(of.length)}${of}`
  return Buffer.from(Buffer.from(pickle).toString('latin1').replaceAll(text(from), text(to)), 'latin1')
}
