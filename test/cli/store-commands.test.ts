// ls, show, export, import and rm, as they run: in processes of their own, over a store in a folder.
import { spawn } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { putRecording } from '../collector/damaged-segment.ts'
import { temporaryFolder } from '../collector/temporary-store.ts'
import { json, main, microlog } from './run-microlog.ts'

const fixtures = fileURLToPath(new URL('../fixtures/', import.meta.url))
const profile = join(fixtures, 'cpuprofiles/http-10ms.cpuprofile')
const spans = join(fixtures, 'otlp/shop/spans-5k.lp.bin')
const logs = join(fixtures, 'otlp/shop/logs-5k.lp.bin')

interface Shown {
  id: string
  bytes: number
  counts: Record<'samples' | 'spans' | 'logs' | 'statuses' | 'threads', number>
  bytesPer: Record<'sample' | 'span' | 'log' | 'status', number>
  functions: { name: string; file: string; line: number; selfMs: number; totalMs: number; samples: number }[]
  spans: {
    name: string
    traceId: string
    spanId: string
    durationMs: number
    error: boolean
    samples: number
  }[]
  logs: Record<string, number>
}

test('imported files are listed, shown, exported and removed', async () => {
  const store = temporaryFolder()
  const ids = await json<string[]>(store, 'import', spans, logs, profile)
  expect(ids).toHaveLength(2)
  expect(await json(store, 'import', spans, logs, profile)).toEqual(ids)

  const listed = await json<Record<string, unknown>[]>(store, 'ls')
  expect(listed.map(({ id }) => id).sort()).toEqual([...ids].sort())
  for (const item of listed) {
    for (const key of ['durationMs', 'bytes', 'samples', 'spans', 'logs', 'statuses', 'threads']) {
      expect(item[key], key).toBeTypeOf('number')
    }
    expect(Number.isNaN(Date.parse(String(item['start'])))).toBe(false)
  }

  const shop = await json<Shown>(store, 'show', ids[0]!)
  expect(shop.counts).toMatchObject({ spans: 5120, logs: 5120 })
  expect(shop.spans).toHaveLength(5120)
  expect(shop.spans[0]).toMatchObject({
    traceId: expect.stringMatching(/^[0-9a-f]{32}$/),
    error: expect.any(Boolean)
  })
  expect(Object.keys(shop.logs)).toEqual(['trace', 'debug', 'info', 'warn', 'error', 'fatal'])
  expect(Object.values(shop.logs).reduce((a, b) => a + b)).toBe(5120)
  const { span, log } = shop.bytesPer
  expect(Math.abs(span * 5120 + log * 5120 - shop.bytes)).toBeLessThan(0.02 * shop.bytes)

  const cpu = await json<Shown>(store, 'show', ids[1]!)
  const original = JSON.parse(readFileSync(profile, 'utf8')) as { samples: number[] }
  expect(cpu.counts.samples).toBe(original.samples.length)
  expect(cpu.functions[0]!.selfMs).toBeGreaterThan(0)
  expect(cpu.functions.every(({ selfMs, totalMs }) => selfMs <= totalMs + 1e-9)).toBe(true)

  const removed = await microlog(store, 'rm', ids[1]!)
  expect(removed).toMatchObject({ code: 0, err: '', out: expect.stringContaining(`Removed ${ids[1]}`) })
  expect(await json<object[]>(store, 'ls')).toHaveLength(1)
  expect((await microlog(store, 'rm', ids[1]!)).code).toBe(1)
}, 120_000)

test('what is exported can be shown as a file, and imported elsewhere', async () => {
  const store = temporaryFolder()
  const out = temporaryFolder()
  const [id] = await json<string[]>(store, 'import', profile)
  const file = join(out, 'copy.microlog')
  expect((await microlog(store, 'export', id!, '--format', 'microlog', '-o', file)).code).toBe(0)
  const fromStore = await json<Shown>(store, 'show', id!)
  const fromFile = await json<Shown>(join(out, 'empty'), 'show', file)
  expect(fromFile.counts).toEqual(fromStore.counts)
  expect(fromFile.functions).toEqual(fromStore.functions)
  expect(await json(join(out, 'other'), 'import', file)).toEqual([id])

  const { code, out: text } = await microlog(store, 'export', file, '--format', 'cpuprofile')
  expect(code).toBe(0)
  expect((JSON.parse(text) as { samples: number[] }).samples).toHaveLength(fromStore.counts.samples)
}, 120_000)

test.each(['pprof', 'speedscope'])(
  'what is exported as %s shows the same functions elsewhere',
  async format => {
    const out = temporaryFolder()
    const store = join(out, 'store')
    const [id] = await json<string[]>(store, 'import', profile)
    const file = join(out, 'copy')
    const exported = await microlog(store, 'export', id!, '--format', format, '-o', file)
    expect(exported).toMatchObject({ code: 0, out: '', err: expect.stringContaining(`Wrote ${file}`) })
    const elsewhere = join(out, 'elsewhere')
    const [copy] = await json<string[]>(elsewhere, 'import', file)
    const timesOf = ({ functions }: Shown): string[] =>
      functions
        .map(({ name, line, selfMs, totalMs, samples }) =>
          [name, line, selfMs.toFixed(3), totalMs.toFixed(3), samples].join(' ')
        )
        .sort()
    const shown = await json<Shown>(elsewhere, 'show', copy!)
    expect(timesOf(shown)).toEqual(timesOf(await json<Shown>(store, 'show', id!)))
  },
  120_000
)

test('wrong use ends with 2, a failure with 1, and --help with 0', async () => {
  const store = temporaryFolder()
  const nothing = join(store, 'nothing.microlog')
  writeFileSync(join(store, 'text.txt'), 'hello')
  const cases: [number, ...string[]][] = [
    [2, 'show'],
    [2, 'ls', '--colour'],
    [2, 'rm'],
    [2, 'export', 'x', '--format', 'pdf'],
    [2, 'serve', '--port', '70000'],
    [1, 'show', nothing],
    [1, 'rm', 'a'.repeat(26)],
    [1, 'import', nothing],
    [1, 'import', join(store, 'text.txt')],
    [1, 'serve', '--host', '0.0.0.0'],
    [1, 'ls', '--store', 's3://bucket/../prefix'],
    [1, 'ls', '--store', 'gs://bucket/prefix'],
    [1, 'ls', '--store', join(store, 'text.txt')],
    [1, 'show', 'a'.repeat(26), '--store', join(store, 'text.txt')],
    [1, 'serve', '--store', join(store, 'text.txt')],
    [1, 'show', store],
    [0, 'show', '--help'],
    [0, 'ls']
  ]
  for (const [expected, ...args] of cases) {
    const { code, err } = await microlog(store, ...args)
    expect(code, args.join(' ')).toBe(expected)
    expect(err, args.join(' ')).not.toContain('    at ')
  }
}, 120_000)

test('what only asks makes no store, and tells nothing recorded from nothing found', async () => {
  const store = join(temporaryFolder(), 'nowhere')
  const nothing = await microlog(store, 'ls')
  expect(nothing).toMatchObject({
    code: 0,
    out: '',
    err: `No recordings in ${store} yet: microlog run LABEL script.js makes one. What a running collector took within the last seconds is on its screens first.\n`
  })
  expect(existsSync(store)).toBe(false)
  await microlog(store, 'import', profile)
  expect((await microlog(store, 'ls', 'nosuch')).err).toBe('No recording matches nosuch\n')
  for (const words of [['http-10ms'], ['10ms', 'http'], ['10ms http']])
    expect((await microlog(store, 'ls', ...words)).out, words.join()).toContain('http-10ms')
  expect((await microlog(store, 'ls', 'http', 'nosuch')).err).toBe('No recording matches http nosuch\n')
}, 60_000)

test('who has heard enough ends the output without complaint', async () => {
  const store = temporaryFolder()
  await microlog(store, 'import', spans)
  const [recording] = await json<{ id: string }[]>(store, 'ls')
  const child = spawn(process.execPath, [main, 'export', recording!.id, '--format', 'otlp'], {
    env: { ...process.env, MICROLOG_STORE: store },
    stdio: ['ignore', 'pipe', 'pipe']
  })
  let err = ''
  child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()))
  child.stdout.once('data', () => child.stdout.destroy())
  const code = await new Promise<number | null>(resolve => child.once('close', resolve))
  expect({ code, err }).toEqual({ code: 0, err: '' })
}, 60_000)

test.each(['toString', 'constructor', 'none'])('help of %s, which is no command, says so', async name => {
  const { code, out, err } = await microlog(temporaryFolder(), 'help', name)
  expect({ code, out }).toEqual({ code: 2, out: '' })
  expect(err).toContain(`expected a command, found "${name}"`)
})

test('serve tells which of its settings it can’t use, and needs both keys off loopback', async () => {
  const store = temporaryFolder()
  const cases: [args: string[], code: number, why: RegExp][] = [
    [['--retention', 'soon'], 2, /--retention or MICROLOG_RETENTION .*7d/],
    [['--retention', '7'], 2, /--retention or MICROLOG_RETENTION to be a time with its unit .*7d/],
    [['--max-bytes', '5XB'], 2, /--max-bytes or MICROLOG_MAX_BYTES .*10GiB/],
    [['--seal-after', 'x'], 2, /--seal-after/],
    [['--host', '0.0.0.0'], 1, /MICROLOG_INGEST_KEY and MICROLOG_VIEW_KEY/]
  ]
  for (const [args, code, why] of cases) {
    const ended = await microlog(store, 'serve', '--port', '0', '--otlp-port', '0', ...args)
    expect(ended.code, args.join(' ')).toBe(code)
    expect(ended.err).toMatch(why)
  }
})

test('a label can’t steer the terminal', async () => {
  const store = temporaryFolder()
  const file = join(temporaryFolder(), 'a\u001b[31mb.cpuprofile')
  writeFileSync(file, readFileSync(profile))
  await json(store, 'import', file)
  const { out } = await microlog(store, 'ls')
  expect(out).toContain('a\\u001b[31mb')
  expect(out).not.toContain('\u001b')
}, 60_000)

test('what is damaged is left out by name, and the rest is shown and exported', async () => {
  const store = temporaryFolder()
  const { id, segment } = await putRecording(store, 'd', 'samples')
  writeFileSync(join(store, 'recordings', id, 'journal1-2-3.microlog'), '')
  const listed = await microlog(store, 'ls')
  expect(listed.out).toContain(id)
  expect(listed.err).toMatch(/journal1-2-3\.microlog is damaged .* 0 bytes/)

  const shown = await microlog(store, 'show', id)
  const exported = await microlog(store, 'export', id, '--format', 'otlp')
  for (const { code, err } of [shown, exported]) {
    expect(code).toBe(0)
    expect(err).toContain(`segment ${segment} of recording ${id} is damaged`)
    expect(err).toContain('journal1-2-3.microlog is damaged')
  }
  expect(shown.out).toContain('Logs: 1 info')
  expect(exported.out).toContain('"said"')
}, 60_000)

test('import tells what it stored and, by the file, what it couldn’t take', async () => {
  const store = temporaryFolder()
  const folder = temporaryFolder()
  const span = (startTimeUnixNano: string) => ({
    traceId: '0af7651916cd43dd8448eb211c80319c',
    spanId: 'b7ad6b7169203331',
    startTimeUnixNano
  })
  const bad = join(folder, 'bad.json')
  const partly = join(folder, 'partly.json')
  const spansAt = [span('1700000000000000000'), span('1')]
  writeFileSync(bad, 'hello')
  writeFileSync(partly, `\ufeff${JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans: spansAt }] }] })}`)
  const { code, out, err } = await microlog(store, 'import', spans, bad, partly)
  expect(code).toBe(1)
  expect(out.match(/^[0-9a-z]{26}$/gm)).toHaveLength(2)
  expect(err.split('\n')).toEqual([
    expect.stringMatching(/^microlog import: .*bad\.json: Expected OTLP/),
    expect.stringMatching(/^microlog import: .*partly\.json: 1 of 2 rejected: .*52 days/),
    ''
  ])
}, 60_000)

test('export names the folder that isn’t there, and the folder that was given for a file', async () => {
  const store = temporaryFolder()
  const [id] = await json<string[]>(store, 'import', spans)
  const write = (path: string) => microlog(store, 'export', id!, '--format', 'otlp', '-o', path)
  const missing = join(store, 'missing')
  expect((await write(join(missing, 'file'))).err).toBe(
    `microlog export: There is no folder ${missing} to write into\n`
  )
  expect((await write(store)).err).toBe(
    `microlog export: Expected a file to write, found the folder ${store}\n`
  )
}, 60_000)

test('a recording’s own export isn’t added to it; what belongs to it is', async () => {
  const store = temporaryFolder()
  const [id] = await json<string[]>(store, 'import', spans)
  const file = join(temporaryFolder(), 'own.jsonl')
  await microlog(store, 'export', id!, '--format', 'otlp', '-o', file)
  const { code, err } = await microlog(store, 'import', file)
  expect(code).toBe(1)
  expect(err).toContain(`${file}: Recording ${id} is here already`)
  expect(await json(store, 'import', logs)).toEqual([id])
  expect((await json<Shown>(store, 'show', id!)).counts).toMatchObject({ spans: 5120, logs: 5120 })
}, 60_000)

test('what is wrong is said in one line of our own', async () => {
  const store = temporaryFolder()
  const missing = join(store, 'typo')
  const cases: [args: string[], code: number, err: string][] = [
    [['srve'], 2, 'microlog: expected a command, found "srve", did you mean serve?'],
    [['help', 'nope'], 2, 'microlog: expected a command, found "nope"'],
    [['ls', '--jsno'], 2, 'microlog ls: Unknown option --jsno, did you mean --json?'],
    [['ls', '-x'], 2, 'microlog ls: Unknown option -x'],
    [
      ['serve', '--port', '-1'],
      2,
      'microlog serve: Expected a value after --port; one that begins with - is written --port=-…'
    ],
    [['rm'], 2, 'microlog rm: Expected microlog rm ID [--store WHERE]'],
    [['rm', 'a', 'b'], 2, 'microlog rm: Expected microlog rm ID [--store WHERE], found b beside it'],
    [['show', 'a', '--store'], 2, 'microlog show: Expected a value after --store'],
    [['export', 'a', '-o'], 2, 'microlog export: Expected a value after --output'],
    [
      ['serve', '--port=7007', '--otlp-port=7007'],
      2,
      'microlog serve: Expected two ports, found 7007 for both'
    ],
    [['import', missing], 1, `microlog import: ${missing}: There is no such file`],
    [['import', store], 1, `microlog import: ${store}: Expected a file, found a folder`],
    [
      ['show', 'dzuwt3y0igz0xk07bdt04k07je', '--store', missing],
      1,
      `microlog show: There is no folder ${missing}`
    ],
    [['compact', '--store', missing], 1, `microlog compact: There is no folder ${missing}`],
    [['show', store], 1, `microlog show: Expected a .microlog file, ${store} is a folder`],
    [['ls', '--store', missing], 1, `microlog ls: There is no folder ${missing}`]
  ]
  for (const [args, code, err] of cases) {
    const ended = await microlog(store, ...args)
    expect([ended.code, ended.err.split('\n')[0]], args.join(' ')).toEqual([code, err])
    expect(ended.err.trimEnd().split('\n').length).toBeLessThanOrEqual(2)
  }
}, 60_000)

test('a name that somebody made long doesn’t widen the list', async () => {
  const store = temporaryFolder()
  const file = join(temporaryFolder(), `${'x'.repeat(200)}.cpuprofile`)
  writeFileSync(file, readFileSync(profile))
  await json(store, 'import', file)
  const { out } = await microlog(store, 'ls')
  expect(Math.max(...out.split('\n').map(line => line.length))).toBeLessThan(200)
}, 60_000)
