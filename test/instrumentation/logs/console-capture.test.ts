import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createOtlpReceiver, type OtlpReceiver, type ReceivedLog } from '../../helpers/otlp-receiver.ts'
import { programPath, registerUrl, runNode, type Ended } from '../../helpers/run-node.ts'

const program = programPath('chatty-console.mjs')
const lines = readFileSync(program, 'utf8').split('\n')
let receiver: OtlpReceiver
let plain: Ended
let recorded: Ended

beforeAll(async () => {
  receiver = await createOtlpReceiver()
  const env = { MICROLOG_OTLP_URL: receiver.url, MICROLOG_LABEL: 'chatty' }
  plain = await runNode([program])
  recorded = await runNode(['--import', registerUrl, program], env)
  await runNode(['--import', registerUrl, program, 'pino'], { ...env, MICROLOG_LABEL: 'with pino' })
})
afterAll(() => receiver.close())

function logOf(text: string, service = 'chatty'): ReceivedLog {
  const found = receiver.logs.filter(
    log => log.body.includes(text) && log.resource['service.name'] === service
  )
  expect(found, text).toHaveLength(1)
  return found[0]!
}

test('what is printed stays as it is, byte for byte', () => {
  // The time a timer shows is its own each time.
  const timeless = ({ stdout, stderr, code }: Ended) => ({
    stdout: stdout.replace(/[\d.]+ms/, 'ms'),
    stderr: stderr.replace(/^microlog: .*\n/m, '').replace(/\(node:\d+\)/, ''),
    code
  })
  expect(timeless(recorded)).toEqual(timeless(plain))
})

test.each([
  ['log text { n: 1 }', 'INFO', 9, 'stdout'],
  ['info text', 'INFO', 9, 'stdout'],
  ['debug text', 'DEBUG', 5, 'stdout'],
  ['warn text', 'WARN', 13, 'stderr'],
  ['error text', 'ERROR', 17, 'stderr'],
  ['trace text', 'TRACE', 1, 'stderr'],
  ['table text', 'INFO', 9, 'stdout'],
  ['dir text', 'INFO', 9, 'stdout'],
  ['group text', 'INFO', 9, 'stdout'],
  ['indented text', 'INFO', 9, 'stdout'],
  ['assert text', 'ERROR', 17, 'stderr'],
  ['count text: 1', 'INFO', 9, 'stdout'],
  ['timer text', 'INFO', 9, 'stdout'],
  ['wrapped text', 'INFO', 9, 'stdout'],
  ['kept text', 'INFO', 9, 'stdout']
])('a call is recorded once, with its severity and its caller: %s', (text, severity, number, stream) => {
  const log = logOf(text)
  expect(log).toMatchObject({ severity, severityNumber: number, scope: 'microlog' })
  expect(log.attributes['log.iostream']).toBe(stream)
  expect(log.attributes['code.file.path']).toContain('chatty-console.mjs')
  const line = lines[Number(log.attributes['code.line.number']) - 1]!
  expect(line).toContain(text.startsWith('timer') ? 'timeEnd' : text.split(/ text/)[0])
})

test('a warning of Node’s is one, though Node prints it as an error', () => {
  expect(logOf('cart is old')).toMatchObject({ severity: 'WARN', severityNumber: 13 })
})

test('an error among the arguments becomes exception attributes', () => {
  expect(logOf('error text').attributes).toMatchObject({
    'exception.type': 'TypeError',
    'exception.message': 'broken',
    'exception.stacktrace': expect.stringContaining('chatty-console.mjs')
  })
})

test('a secret never leaves the program', () => {
  expect(logOf('login with').body).toBe('login with password=********')
  expect(JSON.stringify(receiver.logs, (_, value: unknown) => String(value))).not.toContain('hunter2-Zq9')
})

test('a blank line makes no entry, and what formatting prints does not recurse', () => {
  const bodies = receiver.logs.filter(log => log.resource['service.name'] === 'chatty').map(log => log.body)
  expect(bodies).not.toContain('')
  expect(bodies.filter(body => body === 'odd text')).toHaveLength(1)
})

test('pino is recorded whether it was required or imported', () => {
  expect(logOf('pino cjs text', 'with pino')).toMatchObject({
    severity: 'error',
    severityNumber: 17,
    attributes: { 'exception.type': 'RangeError', 'exception.message': 'too far' }
  })
  const imported = logOf('pino esm text', 'with pino')
  expect(imported).toMatchObject({
    severity: 'info',
    severityNumber: 9,
    attributes: { name: 'shop', order: 17, apiKey: '********' }
  })
  expect(lines[Number(imported.attributes['code.line.number']) - 1]).toContain('pino esm')
})

test('each call has a stack of its own under its uid', () => {
  const uids = receiver.logs
    .filter(log => log.resource['service.name'] === 'chatty')
    .map(log => String(log.attributes['log.record.uid']))
  expect(new Set(uids).size).toBe(uids.length)
  const kept = receiver.profiles.filter(
    ({ type, resource }) => type === 'log' && resource['service.name'] === 'chatty'
  )
  const strings = kept.flatMap(profile => profile.strings)
  expect(strings).toContain('log.record.uid')
  // Those of a blocked loop come with them.
  expect(kept.reduce((sum, { samples }) => sum + samples, 0)).toBeGreaterThanOrEqual(uids.length)
})

test('a program that logs where it has used up its stack is heard again afterwards', async () => {
  const ended = await runNode(['--import', registerUrl, programPath('stack-used-up.mjs')], {
    MICROLOG_OTLP_URL: receiver.url,
    MICROLOG_LABEL: 'stack used up'
  })
  expect(ended).toMatchObject({ code: 0 })
  logOf('caught', 'stack used up')
  logOf('later', 'stack used up')
})
