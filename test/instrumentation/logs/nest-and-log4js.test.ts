import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { cachedInstall } from '../../../scripts/cached-install.mjs'
import { createOtlpReceiver, type OtlpReceiver, type ReceivedLog } from '../../helpers/otlp-receiver.ts'
import { programPath, registerUrl, runNode, type Ended } from '../../helpers/run-node.ts'

/** Packages may have to be installed first. */
const PATIENCE_MS = 180_000
type Expected = [text: string, number: number, level: string, attributes: Record<string, unknown>]

let receiver: OtlpReceiver
beforeAll(async () => {
  receiver = await createOtlpReceiver()
})
afterAll(() => receiver.close())

function record(args: string[], label: string, settings: Record<string, string> = {}): Promise<Ended> {
  const preload = args.includes('early') ? [] : ['--import', registerUrl]
  return runNode([...preload, ...args], {
    MICROLOG_OTLP_URL: receiver.url,
    MICROLOG_LABEL: label,
    ...settings
  })
}

function logsOf(label: string): ReceivedLog[] {
  return receiver.logs.filter(log => log.resource['service.name'] === label)
}

/** Without the process and the times, nor Node's frames: where we are preloaded, it starts a program by another way. */
function timeless({ stdout, stderr, code }: Ended): unknown {
  const withoutTimes = (text: string): string[] =>
    text
      .replaceAll(/\[Nest\] \d+|"pid":\d+|"timestamp":\d+|[\d/]+, [\d:]+ [AP]M/g, '')
      .split('\n')
      .filter(line => !/\(?node:|lines matching cause/.test(line) && !line.startsWith('microlog: '))
  return { stdout: withoutTimes(stdout), stderr: withoutTimes(stderr), code }
}

/** The line of the program that a call came from, and what it was. */
function expectCall(log: ReceivedLog, [text, number, level, attributes]: Expected, program: string): void {
  expect(log).toMatchObject({ body: text, severityNumber: number, severity: level, scope: 'microlog' })
  expect(log.attributes).toMatchObject(attributes)
  expect(log.attributes['code.file.path']).toBe(program)
  const line = readFileSync(program, 'utf8').split('\n')[Number(log.attributes['code.line.number']) - 1]
  expect(line).toContain(text.match(/\w+(?=[!"}]*$)/)![0])
}

const cause = { 'exception.type': 'RangeError', 'exception.message': 'far' }
const nestCalls: Expected[] = [
  ['nest static', 5, 'debug', {}],
  ['nest in context', 9, 'log', { context: 'Cart' }],
  ['nest fatal', 21, 'fatal', {}],
  ['{"only":"nest fields"}', 9, 'log', { only: 'nest fields' }],
  ['nest made', 9, 'log', {}],
  ['nest quiet', 17, 'error', { context: 'Quiet' }],
  ['nest json', 9, 'log', { id: 18 }],
  ['nest own!', 13, 'warn', { context: 'Own' }],
  ['nest waits', 9, 'INFO', {}],
  ['nest held back', 9, 'log', { context: 'Shop' }],
  ['nest order', 9, 'log', { id: 17, nested: '{"a":[1,2],"password":"********"}', context: 'Shop' }],
  ['nest verbose', 6, 'verbose', { context: 'Shop' }],
  ['nest warn!', 13, 'warn', { context: 'Shop' }],
  [
    'nest error',
    17,
    'error',
    { 'exception.type': 'TypeError', 'exception.message': 'no stock', context: 'Shop' }
  ],
  ['nest thrown', 17, 'error', { ...cause, context: 'Shop' }],
  ['nest itself', 17, 'error', { 'exception.type': 'TypeError', context: 'Shop' }]
]

describe.each(['10', '11'])('the logger of NestJS %s', version => {
  const program = programPath('nest-logger.cjs')
  const [loaded, early, streams] = ['loaded', 'early', 'streams'].map(name => `nest ${version} ${name}`)
  let folder: string
  let plain: Ended
  let recorded: Ended
  let stopped: Ended
  beforeAll(async () => {
    const packages = { '@nestjs/common': version, '@nestjs/core': version }
    folder = await cachedInstall({ ...packages, 'reflect-metadata': '0.2', rxjs: '7' })
    plain = await runNode([program, folder])
    recorded = await record([program, folder], loaded!)
    stopped = await record([program, folder, 'early'], early!)
    await record([program, folder], streams!, { MICROLOG_STREAMS: 'true' })
  }, PATIENCE_MS)

  /** Of the program's own: Nest has some, too. */
  const callsOf = (label: string) => logsOf(label).filter(({ body }) => body.includes('nest '))

  test('each call is heard once, with its level, context, fields, error and caller', () => {
    const calls = callsOf(loaded!)
    expect(calls.map(({ body }) => body).sort()).toEqual(nestCalls.map(([text]) => text).sort())
    for (const expected of nestCalls) {
      expectCall(
        calls.find(({ body }) => body === expected[0])!,
        expected,
        program
      )
    }
  })

  test('what it says itself is told with the place in Nest', () => {
    const starting = logsOf(loaded!).find(({ body }) => body === 'Starting Nest application...')!
    expect(starting.attributes).toMatchObject({
      context: 'NestFactory',
      'code.file.path': `${folder}/node_modules/@nestjs/core/nest-factory.js`
    })
  })

  test('a call that is held back stands where it was made', () => {
    const timeOf = (text: string) => logsOf(loaded!).find(({ body }) => body === text)!.timeUnixNano
    expect(timeOf('nest held back')).toBeLessThan(timeOf('nest waits'))
  })

  test('an error has its stack, with its cause', () => {
    const stackOf = (text: string) =>
      callsOf(loaded!).find(({ body }) => body === text)!.attributes['exception.stacktrace']
    expect(stackOf('nest thrown')).toMatch(/^RangeError: far\n.*\ncaused by: Error: the reason\n/s)
    expect(stackOf('nest error')).toMatch(/^TypeError: no stock\n {4}at Shop\.order /)
  })

  test('prints what it prints without us', () => {
    expect(timeless(recorded)).toEqual(timeless(plain))
  })

  test('is heard when it was loaded before us, and is as it was when we have gone', () => {
    expect(callsOf(early!).map(({ body }) => body)).toEqual(callsOf(loaded!).map(({ body }) => body))
    expect(stopped.stdout).toMatch(/^left: nothing$/m)
  })

  test('is heard once where the streams are heard, too', () => {
    expect(callsOf(streams!).map(({ body }) => body)).toEqual(callsOf(loaded!).map(({ body }) => body))
  })

  test('is heard where an ES module imports it', async () => {
    const importing = programPath('nest-logger.mjs')
    await record([importing, folder], `nest ${version} imported`)
    const [call] = logsOf(`nest ${version} imported`)
    expect(call).toMatchObject({ body: 'nest imported', attributes: { context: 'Imported' } })
    expect(call!.attributes['code.file.path']).toContain('nest-logger.mjs')
  })
})

test(
  "a logger that NestJS hands its calls on to tells them, with the program's own line",
  async () => {
    const packages = { '@nestjs/common': '11', '@nestjs/core': '11', 'reflect-metadata': '0.2', rxjs: '7' }
    const others = { 'nest-winston': '1', winston: '3', 'nestjs-pino': '4', pino: '9', 'pino-http': '10' }
    const folder = await cachedInstall({ ...packages, ...others })
    const program = programPath('nest-hands-on.cjs')
    await record([program, folder], 'handed on')
    const calls = logsOf('handed on').filter(({ body }) => body.startsWith('nest by '))
    for (const [i, text] of ['nest by pino', 'nest by winston'].entries()) {
      expectCall(calls[i]!, [text, 13, 'warn', { context: 'Shop' }], program)
    }
    expect(calls).toHaveLength(2)
  },
  PATIENCE_MS
)

const log4jsCalls: Expected[] = [
  [
    'log4js info {"order":17,"nested":{"a":[1],"password":"********"}}',
    9,
    'info',
    { order: 17, nested: '{"a":[1],"password":"********"}', request: 5, category: 'shop' }
  ],
  ['log4js trace', 1, 'trace', { category: 'shop' }],
  ['log4js notice', 11, 'notice', {}],
  ['log4js mark', 9, 'mark', {}],
  ['log4js error no stock', 17, 'error', { 'exception.type': 'TypeError' }],
  ['log4js itself', 21, 'fatal', { 'exception.type': 'RangeError', 'exception.message': 'log4js itself' }],
  ['log4js odd {"odd":"1970-01-01T00:00:00.000Z"}', 13, 'warn', { odd: '1970-01-01T00:00:00.000Z' }]
]

describe.each([
  // Doesn't know the pattern for it.
  ['3', /^INFO shop l log4js info/m],
  ['6', /^INFO shop \d+ log4js info/m]
])('log4js %s', (version, calledFrom) => {
  const program = programPath('log4js.cjs')
  const label = `log4js ${version}`
  let folder: string
  let plain: Ended
  let recorded: Ended
  beforeAll(async () => {
    folder = await cachedInstall({ log4js: version })
    plain = await runNode([program, folder])
    recorded = await record([program, folder], label)
    await record([program, folder, 'early'], `${label} early`)
  }, PATIENCE_MS)

  test('each call is heard once, however many appenders print it, with its level, fields, error and caller', () => {
    const calls = logsOf(label)
    expect(calls.map(({ body }) => body)).toEqual(log4jsCalls.map(([text]) => text))
    for (const [i, expected] of log4jsCalls.entries()) {
      expect(calls[i]).toMatchObject({ severityNumber: expected[1], severity: expected[2] })
      expect(calls[i]!.attributes).toMatchObject(expected[3])
      expect(calls[i]!.attributes['code.file.path']).toBe(program)
    }
  })

  test('prints what it prints without us, the line that it was called from included', () => {
    expect(plain.stdout).toMatch(calledFrom)
    expect(timeless(recorded)).toEqual(timeless(plain))
  })

  test('is heard when it was loaded before us', () => {
    expect(logsOf(`${label} early`).map(({ body }) => body)).toEqual(log4jsCalls.map(([text]) => text))
  })
})
