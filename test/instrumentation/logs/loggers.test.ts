import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { cachedInstall } from '../../../scripts/cached-install.mjs'
import { createOtlpReceiver, type OtlpReceiver, type ReceivedLog } from '../../helpers/otlp-receiver.ts'
import { programPath, registerUrl, runNode, type Ended } from '../../helpers/run-node.ts'

/** Packages may have to be installed first. */
const PATIENCE_MS = 180_000
const program = programPath('loggers.mjs')
const lines = readFileSync(program, 'utf8').split('\n')

const expected: [text: string, number: number, level: string, attributes: Record<string, unknown>][] = [
  ['winston info', 9, 'info', { service: 'shop', order: 17, nested: '{"a":[1,2],"password":"********"}' }],
  ['winston error', 17, 'error', { 'exception.type': 'TypeError', 'exception.message': 'winston error' }],
  ['winston cause far', 17, 'error', { 'exception.type': 'RangeError', 'exception.message': 'far' }],
  ['winston verbose', 6, 'verbose', {}],
  ['winston child', 13, 'warn', { service: 'shop', request: 5 }],
  ['winston by console', 9, 'info', {}],
  ['winston emerg', 23, 'emerg', {}],
  ['winston odd', 9, 'info', { odd: '1970-01-01T00:00:00.000Z' }],
  ['winston plain here', 9, 'info', {}],
  ['bunyan info', 9, 'info', { name: 'shop', order: 18, bytes: 2.5, paid: true }],
  ['bunyan error', 17, 'error', { 'exception.type': 'TypeError', 'exception.message': 'bunyan error' }],
  ['bunyan odd', 9, 'info', { odd: '1970-01-01T00:00:00.000Z' }],
  ['bunyan fatal', 21, 'fatal', { part: 'stock' }],
  ['pino notice', 11, 'notice', { nested: '{"a":1}', apiKey: '********' }],
  ['pino error', 17, 'error', { 'exception.type': 'RangeError', 'exception.message': 'pino error' }],
  ['pino fatal', 21, 'fatal', { order: 19 }],
  ['{"only":"fields"}', 1, 'trace', { only: 'fields' }],
  ['pino by console', 9, 'info', {}],
  ['pino by bunyan', 9, 'info', {}],
  ['plain console', 9, 'INFO', {}]
]

let receiver: OtlpReceiver
beforeAll(async () => {
  receiver = await createOtlpReceiver()
})
afterAll(() => receiver.close())

async function record(args: string[], label: string, settings: Record<string, string> = {}): Promise<Ended> {
  return runNode(args, { MICROLOG_OTLP_URL: receiver.url, MICROLOG_LABEL: label, ...settings })
}

function logsOf(service: string): ReceivedLog[] {
  return receiver.logs.filter(log => log.resource['service.name'] === service)
}

/** Without what differs from one run to the next: the order too, as pino and the streams write to one pipe independently. */
function timeless({ stdout, code }: Ended): unknown {
  const text = stdout.replace(/"(?:pid|time|timestamp)":(?:\d+|"[^"]*"),?|:\d+:\d+\)?/g, '')
  return { lines: text.split('\n').sort(), code }
}

describe('pino, winston and bunyan', () => {
  let plain: Ended
  let recorded: Ended
  beforeAll(async () => {
    plain = await runNode([program])
    recorded = await record(['--import', registerUrl, program], 'imported')
    await record([program, 'early'], 'loaded before')
  }, PATIENCE_MS)

  test('are heard once for each call, and what is filtered out or silent is not', () => {
    expect(logsOf('imported').map(log => log.body)).toEqual(expected.map(([text]) => text))
  })

  test.each(expected)(
    'a call keeps its level, its fields and its caller: %s',
    (text, number, level, fields) => {
      const log = logsOf('imported').find(({ body }) => body === text)!
      expect(log).toMatchObject({ severityNumber: number, severity: level, scope: 'microlog' })
      expect(log.attributes).toMatchObject(fields)
      expect(log.attributes['code.file.path']).toContain('loggers.mjs')
      const line = lines[Number(log.attributes['code.line.number']) - 1]
      expect(line).toContain(text.startsWith('{') ? 'only' : text.split(' ')[1])
    }
  )

  test('print what they print without us', () => {
    expect(timeless(recorded)).toEqual(timeless(plain))
  })

  test('give the stack of an error, with its cause', () => {
    const log = logsOf('imported').find(({ body }) => body === 'winston cause far')!
    expect(log.attributes['exception.stacktrace']).toMatch(
      /^RangeError: far\n.*\ncaused by: Error: the reason\n/s
    )
  })

  test('are heard when they were loaded before us', () => {
    expect(logsOf('loaded before').map(log => log.body)).toEqual(expected.map(([text]) => text))
  })

  test('have a stack for each call', () => {
    const kept = receiver.profiles
      .filter(({ type, resource }) => type === 'log' && resource['service.name'] === 'imported')
      .reduce((sum, { samples }) => sum + samples, 0)
    // Those of a blocked loop come with them.
    expect(kept).toBeGreaterThanOrEqual(expected.length)
  })
})

describe('hooks of other loaders', () => {
  test.each([
    [
      'module.register',
      `data:text/javascript,import{register}from'node:module';register('import-in-the-middle/hook.mjs',${JSON.stringify(import.meta.url)})`
    ],
    ['module.registerHooks', 'import-in-the-middle/register-hooks.mjs'],
    ['tsx', 'tsx']
  ])(
    'leave the loggers audible: %s',
    async (name, hook) => {
      await record(['--import', registerUrl, '--import', hook, program], name)
      expect(logsOf(name).map(log => log.body)).toEqual(expected.map(([text]) => text))
    },
    PATIENCE_MS
  )
})

const required = programPath('loggers.cjs')

test('loggers that are required are heard', async () => {
  await record(['--import', registerUrl, required], 'required')
  expect(logsOf('required').map(log => log.body)).toEqual(['pino warns', 'winston warns', 'bunyan warns'])
})

test.each([['7'], ['8'], ['9.0.0'], ['9.7.0']])(
  'pino %s in a folder of its own is heard',
  async version => {
    const folder = await cachedInstall({ pino: version })
    await record(['--import', registerUrl, required, folder, 'pino'], `pino ${version}`)
    expect(logsOf(`pino ${version}`)).toMatchObject([
      { body: 'pino warns', severityNumber: 13, severity: 'warn' }
    ])
  },
  PATIENCE_MS
)

test(
  "where OpenTelemetry's instrumentations send the same calls, both records have one uid",
  async () => {
    const folder = await cachedInstall({
      '@opentelemetry/api': '1.9.1',
      '@opentelemetry/sdk-node': '0.223.0',
      '@opentelemetry/instrumentation-winston': '0.68.1',
      '@opentelemetry/winston-transport': '0.34.0',
      '@opentelemetry/instrumentation-pino': '0.69.0',
      '@opentelemetry/instrumentation-bunyan': '0.68.0',
      winston: '3',
      pino: '9.7.0',
      bunyan: '1'
    })
    await record([programPath('otel-loggers.mjs'), folder], 'shop')
    for (const text of ['winston warns', 'pino warns', 'bunyan warns']) {
      const found = logsOf('shop').filter(({ body }) => body === text)
      const scopes = found.map(({ scope }) => (scope === 'microlog' ? 'ours' : 'theirs'))
      expect(scopes.sort()).toEqual(['ours', 'theirs'])
      expect(new Set(found.map(log => log.attributes['log.record.uid'])).size).toBe(1)
      expect(new Set(found.map(log => log.traceId)).size).toBe(1)
      const ours = found.find(({ scope }) => scope === 'microlog')
      expect(ours?.attributes['code.file.path']).toContain('otel-loggers.mjs')
    }
  },
  PATIENCE_MS
)
