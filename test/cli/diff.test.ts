// diff as it runs: in a process of its own, over files and a store.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { RecordingComparison } from '../../src/collector/query/recording-comparison.ts'
import { putRecording } from '../collector/damaged-segment.ts'
import { temporaryFolder } from '../collector/temporary-store.ts'
import { encodeRun } from '../helpers/encode-run.ts'
import { pushLog, pushSpan } from '../helpers/push-rows.ts'
import { json, microlog } from './run-microlog.ts'

/** A .microlog file with samples, as many spans named x of a length, and a log of a level; its path. */
async function writeRun(
  store: string,
  label: string,
  text: string,
  spans: number[],
  severity: number
): Promise<string> {
  const { bytes } = await encodeRun(label, text, builder => {
    for (const ms of spans) pushSpan(builder, 'x', 0, ms)
    pushLog(builder, 1, 'said', { severity })
  })
  const path = join(store, `${label}.microlog`)
  writeFileSync(path, bytes)
  return path
}

/** A folder with two runs of one program. */
async function twoRuns(): Promise<{ store: string; before: string; after: string }> {
  const store = temporaryFolder()
  const before = `
    0ms     1ms     2ms     3ms     4ms
    main    main    main    main    (idle)
    load    load    send    send
  `
  const after = `
    0ms     1ms     2ms     3ms     4ms
    main    main    main    main    (idle)
    load    load    load    send
  `
  return {
    store,
    before: await writeRun(store, 'a', before, [10, 20], 9),
    after: await writeRun(store, 'b', after, [50], 17)
  }
}

test('two files are compared for people: counts, functions by share, span names by median', async () => {
  const { store, before, after } = await twoRuns()
  const { code, out, err } = await microlog(store, 'diff', before, after)
  expect({ code, err }).toEqual({ code: 0, err: '' })
  const lines = out.split('\n').map(line => line.trim().replace(/ {2,}/g, ' | '))
  expect(lines[0]).toMatch(/^A \| a \| a{26} \| 2023-11-1/)
  expect(lines[1]).toMatch(/^B \| b \| b{26} \| 2023-11-1/)
  expect(lines).toContain('busy | 4.00 ms | 4.00 ms')
  expect(lines).toContain('spans | 2 | 1 | −1')
  expect(lines).toContain('error | 0 | 1 | +1')
  expect(lines).toContain(
    '+25.0 pp | 50.0 % | 75.0 % | 2.00 ms | 3.00 ms | 2.00 ms | 3.00 ms | load | file:///app.js:1'
  )
  expect(lines).toContain(
    '−25.0 pp | 50.0 % | 25.0 % | 2.00 ms | 1.00 ms | 2.00 ms | 1.00 ms | send | file:///app.js:1'
  )
  expect(lines).toContain('+40.0 ms | 10.0 ms | 50.0 ms | 20.0 ms | 50.0 ms | 2 | 1 | 0 | 0 | x')
  expect(out).not.toContain(' main ')
}, 30_000)

test('--json prints all of it as one document', async () => {
  const { store, before, after } = await twoRuns()
  const { a, b, functions, spans } = await json<RecordingComparison>(store, 'diff', before, after)
  expect([a.label, b.label, a.busyMs, b.busyMs]).toEqual(['a', 'b', 4, 4])
  expect(a).toMatchObject({
    id: 'a'.repeat(26),
    counts: { samples: 5, spans: 2, logs: 1 },
    logs: { info: 1 }
  })
  expect(functions.map(({ name, difference }) => [name, difference.selfMs, difference.selfShare])).toEqual([
    ['load', 1, 0.25],
    ['send', -1, -0.25],
    ['main', 0, 0]
  ])
  expect(spans).toMatchObject([{ name: 'x', a: { count: 2 }, b: { count: 1, medianMs: 50 } }])
}, 30_000)

test('recordings of the store and files can be mixed, and what equals itself is calm', async () => {
  const { store, before } = await twoRuns()
  const { id } = await putRecording(store, 'c')
  const mixed = await json<RecordingComparison>(store, 'diff', id, before)
  expect([mixed.a.id, mixed.b.id]).toEqual([id, 'a'.repeat(26)])
  const { out, code } = await microlog(store, 'diff', id, id)
  expect(code).toBe(0)
  expect(out).toContain('No function changed its share of the busy time')
  expect(out).toContain('No spans in A and B')
  expect(out).not.toMatch(/[+−]/)
}, 30_000)

test('a run without samples is told, not compared', async () => {
  const { store, after } = await twoRuns()
  const silent = await writeRun(store, 's', '0ms', [1], 9)
  const { out, code } = await microlog(store, 'diff', silent, after)
  expect(code).toBe(0)
  expect(out).toContain("Functions can't be compared: no samples in A")
}, 30_000)

test('what is damaged is left out by its own name', async () => {
  const { store, before } = await twoRuns()
  const { id, segment } = await putRecording(store, 'd', 'samples')
  const { code, err } = await microlog(store, 'diff', before, id)
  expect(code).toBe(0)
  expect(err).toContain(`segment ${segment} of recording ${id} is damaged`)
}, 30_000)

/** Of what names a file or a folder there. */
const pathIn = (folder: string, word: string): string => (/\./.test(word) ? join(folder, word) : word)

test.each([
  [2, 'Expected microlog diff A B [--json]', ['a.microlog']],
  [2, 'found c beside it', ['a', 'b', 'c']],
  [2, 'Unknown option --jsno, did you mean --json?', ['a', 'b', '--jsno']],
  [1, 'No recording and no file nowhere here', ['a.microlog', 'nowhere']],
  [1, 'Expected a .microlog file', ['.', 'a.microlog']]
])(
  'it ends with %i where it says: %s',
  async (expected, why, words) => {
    const { store } = await twoRuns()
    const { code, out, err } = await microlog(store, 'diff', ...words.map(word => pathIn(store, word)))
    expect({ code, out }).toEqual({ code: expected, out: '' })
    expect(err).toContain(why)
  },
  30_000
)

test('it is a command that help lists and a slip of the finger finds', async () => {
  const store = temporaryFolder()
  expect((await microlog(store, '--help')).out).toContain('diff     what changed between two recordings')
  expect((await microlog(store, 'dif')).err).toContain('did you mean diff?')
  expect((await microlog(store, 'diff', '--help')).out).toContain('percentage points')
}, 30_000)
