import { spawnSync } from 'node:child_process'
import { decompress } from 'fzstd'
import { describe, expect, test } from 'vitest'
import { inflateZstd } from '../../../src/collector/exchange/inflate-zstd.ts'
import { encodePickle } from '../../../src/convert/microlog-python/encode-pickle.ts'
import { encodeZstd } from '../../../src/convert/microlog-python/encode-zstd.ts'
import { decodePickle } from '../../../src/convert/microlog-python/decode-pickle.ts'
import { decodePythonRecording } from '../../../src/convert/microlog-python/python-recording.ts'
import type { PythonRecording } from '../../../src/convert/microlog-python/python-recording.ts'
import { readMicrologPython } from '../../../src/convert/read-microlog-python.ts'
import { writeMicrologPython } from '../../../src/convert/write-microlog-python.ts'
import { pushLog, pushSeries } from '../../helpers/push-rows.ts'
import { builderFromText, recordingFromText } from '../../helpers/recording-from-text.ts'
import { pythonFixtures, pythonPickle } from './python-fixtures.ts'

const origin = { name: '', savedUnixMs: 1_795_000_000_000 }

/** As Python reads it, its pickle loaded with classes of the names that the original has. */
const script = `
import json, pickle, pickletools, sys, types
models = types.ModuleType('microlog.models')
sys.modules['microlog'] = types.ModuleType('microlog')
sys.modules['microlog.models'] = models
for name in ['Recording', 'Call', 'CallSite', 'Marker', 'Stack', 'Status']:
    setattr(models, name, type(name, (), {'__module__': 'microlog.models'}))
data = sys.stdin.buffer.read()
pickletools.dis(data, out=open('/dev/null', 'w'))
json.dump(pickle.loads(data), sys.stdout, default=lambda value: {'class': type(value).__name__, **vars(value)})
`
const hasPython = spawnSync('python3', ['--version']).status === 0

describe.each(pythonFixtures)('%s of Microlog for Python', name => {
  test('has the same calls, markers and statuses after import and export', () => {
    const before = decodePythonRecording(pythonPickle(name))
    const { recording, label } = readMicrologPython(pythonPickle(name), origin)
    const after = decodePythonRecording(decompress(writeMicrologPython(recording, label)))
    expect(after.application).toBe(before.application)
    expect(callsOf(after)).toEqual(callsOf(before))
    expect(after.markers.map(({ message, stack }) => ({ message, stack }))).toEqual(
      before.markers.map(({ message, stack }) => ({ message, stack }))
    )
    const withoutTime = ({ statuses }: PythonRecording) => statuses.map(status => ({ ...status, when: 0 }))
    // Two of one moment are one; CPU in percent is divided and multiplied again.
    const moments = new Set(before.statuses.map(({ when }) => when))
    expect(after.statuses).toHaveLength(moments.size)
    withoutTime(after).forEach((status, i) => {
      const expected = withoutTime(before).findLast((_, at) => before.statuses[at]!.when === [...moments][i])!
      expect(status).toEqual({ ...expected, systemCpu: expect.closeTo(expected.systemCpu!, 6) })
    })
  })
})

/** Name, depth and duration to 2 ms, in an order that doesn't depend on the last of these. */
function callsOf({ calls }: PythonRecording): string[] {
  return calls
    .map(({ site, depth, duration }) => `${depth} ${site.name} ${Math.round(duration * 100)}`)
    .sort()
}

test('functions, files, levels and statuses of Node are told as the original has them', () => {
  const builder = builderFromText('0ms   1ms   2ms\nmain  main  main\nwork  rest  work')
  pushLog(builder, 1.5678, 'careful', { severity: 13 })
  pushSeries(builder, 'process.cpu.utilization', { 0: 0.5, 1: 1.7 })
  pushSeries(builder, 'process.memory.usage', { 0: 5_000_000_000 })
  const { calls, markers, statuses } = decodePythonRecording(
    decompress(writeMicrologPython(builder.snapshot(), 'shop'))
  )
  expect(calls.map(({ site }) => site.name.replace(/^.*\./, ''))).toEqual(['work', 'rest', 'work', 'main'])
  expect(calls.at(-1)).toMatchObject({ when: 0, duration: 0.003, depth: 0, threadId: '1' })
  expect(calls.every(({ site }) => /^\w*\.\w*\.\w+$/.test(site.name))).toBe(true)
  expect(markers).toEqual([{ when: 0.002, kind: 30, message: 'careful', stack: [] }])
  expect(statuses).toMatchObject([
    { when: 0, cpu: 50, memory: 5_000_000_000, memoryTotal: 5_000_000_000 },
    { when: 0.001, cpu: 100, memory: 5_000_000_000 }
  ])
})

test('an empty recording is one without calls', () => {
  const file = writeMicrologPython(recordingFromText('0ms\n'), '')
  expect(decodePythonRecording(decompress(file))).toMatchObject({ markers: [], statuses: [] })
})

test('numbers, long texts and what comes again are written as they are read', () => {
  const text = 'µ'.repeat(200)
  const many = Array.from({ length: 2500 }, (_, i) => `text ${i}`)
  const values = [0, 255, 256, -1, 2 ** 31, -(2 ** 40), 2 ** 52, 1.5, text, text, many, many]
  expect(decodePickle(encodePickle(values, 'm'), { module: 'm', names: [] })).toEqual(values)
})

test('a frame of any size is inflated to what it was', async () => {
  for (const length of [0, 1, 131_072, 131_073, 300_000]) {
    const content = Uint8Array.from({ length }, (_, i) => i * 31)
    expect(Buffer.from(await inflateZstd(encodeZstd(content))).equals(content)).toBe(true)
  }
})

test.skipIf(!hasPython)('Python loads it, and makes the same of it', () => {
  const { recording } = readMicrologPython(pythonPickle('chatty'), origin)
  const pickle = decompress(writeMicrologPython(recording, 'chatty'))
  const { status, stdout, stderr } = spawnSync('python3', ['-c', script], { input: pickle })
  expect({ status, stderr: stderr.toString() }).toEqual({ status: 0, stderr: '' })
  const loaded = JSON.parse(stdout.toString())
  expect(loaded).toMatchObject({ class: 'Recording', application: 'chatty', analysis: '' })
  expect(loaded.calls[0]).toMatchObject({
    class: 'Call',
    thread_id: 1,
    depth: 1,
    call_site: { class: 'CallSite', name: 'chatty..main', filename: '/srv/demo/chatty.py' }
  })
  expect(loaded.markers).toHaveLength(108)
  expect(loaded.markers[50].stack).toMatchObject({ class: 'Stack', index: 0 })
  expect(loaded.statuses[0]).toMatchObject({ class: 'Status', cpu: 0, duration: 0 })
})
