// Recording that is begun, ended, and begun again in one process.
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createOtlpReceiver, type OtlpReceiver } from '../helpers/otlp-receiver.ts'
import { programPath, registerUrl, runNode, startNode } from '../helpers/run-node.ts'

let receiver: OtlpReceiver
beforeEach(async () => {
  receiver = await createOtlpReceiver()
})
afterEach(() => receiver.close())

const environment = (extra: Record<string, string> = {}) => ({ MICROLOG_OTLP_URL: receiver.url, ...extra })
const linesOf = (text: string) => text.trimEnd().split('\n')
const instances = () => new Set(receiver.logs.map(({ resource }) => resource['service.instance.id']))

/** Bodies of a recording's log; ranges as `label start` and `label end`. */
const logOf = (label: string) =>
  receiver.logs
    .filter(({ resource }) => resource['service.name'] === label)
    .map(({ body, attributes: { 'microlog.range.edge': edge } }) => [body, edge].filter(Boolean).join(' '))

test.each(['without an SDK', 'with an SDK'])(
  '%s, nothing is left of a recorder that was stopped, and ten in a row tell each its own',
  async way => {
    const sdk = way === 'with an SDK' ? ['sdk'] : []
    const ended = await runNode([programPath('left-behind.mjs'), '10', ...sdk], environment())
    expect(ended).toMatchObject({ code: 0 })
    expect(linesOf(ended.stdout).at(-1)).toBe('left: nothing')
    const bodies = receiver.logs.map(({ body }) => body)
    expect(bodies).toEqual(Array.from({ length: 10 }, (_, i) => `in ${i}`))
    // An SDK is one process with one resource; without, each is a recording of its own.
    expect(instances().size).toBe(sdk.length > 0 ? 1 : 10)
  }
)

test('ranges within and beside each other close what they opened, and a recording ends with the last of them', async () => {
  const ended = await runNode([programPath('ranges.mjs')], environment({ OTEL_SDK_DISABLED: 'true' }))
  expect(ended).toMatchObject({ code: 0, stderr: '' })
  expect(linesOf(ended.stdout)).toEqual([
    ...['short', 'fails', 'long', 'short long its own', 'running false'],
    ...['in fast', 'in inner', 'in slow', 'thrown', 'still true', 'running false'],
    ...['in again', 'unrecorded', 'running false']
  ])
  expect(logOf('first')).toEqual([
    ...['second start', 'third start', 'short', 'fails', 'third end', 'long', 'second end']
  ])
  expect(logOf('whole')).toEqual([
    ...['outer start', 'slow start', 'fast start'],
    ...['in fast', 'inner start', 'in inner', 'inner end', 'fast end', 'in slow', 'slow end'],
    ...['thrown start', 'thrown end', 'outer end']
  ])
  expect(logOf('again')).toEqual(['in again'])
  expect(instances().size).toBe(3)
})

test('threads that run on are recorded as long as their process is, and again when that is', async () => {
  const ended = await runNode(
    [programPath('threads-stopped.mjs')],
    environment({ OTEL_SDK_DISABLED: 'true' })
  )
  expect(ended).toMatchObject({ code: 0, stderr: '' })
  expect(linesOf(ended.stdout).filter(line => line.includes(': '))).toEqual([
    'in the first: recorded',
    'in no recording: its own console',
    'in the second: recorded',
    'in none again: its own console'
  ])
  expect(logOf('first')).toEqual(['in the first'])
  expect(logOf('second')).toEqual(['in the second'])
  const threads = receiver.profiles.filter(({ resource }) => resource['service.name'] === 'second')
  expect(threads.map(({ attributes }) => attributes['thread.name'])).toContain('pool')
})

test('a signal switches recording off and on again: one recording with a gap', async () => {
  const program = startNode(
    ['--import', registerUrl, programPath('switched.mjs')],
    environment({ MICROLOG_SIGNAL: 'SIGUSR2', MICROLOG_LABEL: 'switched', OTEL_SDK_DISABLED: 'true' }),
    { stdin: 'pipe' }
  )
  const say = async (line: string) => {
    program.child.stdin!.write(`${line}\n`)
    await program.printed(`${line}\n`)
  }
  const toggle = async (times: number, state: 'on' | 'off') => {
    program.child.kill('SIGUSR2')
    const said = () => program.stderr().split(`microlog: recording is ${state} (SIGUSR2)\n`).length - 1
    await expect.poll(said).toBe(times)
  }
  await say('recorded')
  await toggle(1, 'off')
  await say('in the gap')
  await toggle(1, 'on')
  await say('recorded again')
  await toggle(2, 'off')
  await toggle(2, 'on')
  await say('and again')
  program.child.stdin!.end()
  expect(await program.ended).toMatchObject({
    code: 0,
    stdout: 'ready\nrecorded\nin the gap\nrecorded again\nand again\n'
  })
  expect(logOf('switched')).toEqual(['ready', 'recorded', 'recorded again', 'and again'])
  expect(instances().size).toBe(1)
})

test('a signal that is not asked for is the program’s own, and one that can’t be used is named', async () => {
  const unasked = startNode(['--import', registerUrl, programPath('switched.mjs')], environment())
  await unasked.printed('ready')
  unasked.child.kill('SIGUSR2')
  expect(await unasked.ended).toMatchObject({ code: null, signal: 'SIGUSR2' })

  const unusable = await runNode(
    ['--import', registerUrl, programPath('ways-out.mjs')],
    environment({ MICROLOG_SIGNAL: 'SIGKILL', OTEL_SDK_DISABLED: 'true' })
  )
  expect(unusable).toMatchObject({
    code: 0,
    stderr: 'microlog: expected MICROLOG_SIGNAL to be one of SIGUSR2, SIGWINCH, SIGCONT, ignoring it\n'
  })
})

test('options and variables that make no sense are told, and never thrown', async () => {
  const program = `
    import { start, stop, MicrologInstrumentation } from 'microlog'
    start({ label: 5, redact: 'password', sampleDelay: '1', lable: 'slip' })
    await stop()
    new MicrologInstrumentation({ label: {} })
    console.log('goes on')`
  const ended = await runNode(['--input-type=module', '-e', program], {
    MICROLOG_SERVER: 'http://127.0.0.1:1',
    MICROLOG_WORKERS: 'maybe',
    MICROLOG_STREAM: 'true',
    OTEL_SDK_DISABLED: 'true'
  })
  expect(ended).toMatchObject({ code: 0, stdout: 'goes on\n' })
  const lines = linesOf(ended.stderr)
  for (const told of [
    'expected label to be of type string, found number, ignoring it',
    'expected redact to be of type array, found string, ignoring it',
    'expected sampleDelay to be of type number, found string, ignoring it',
    'expected MICROLOG_WORKERS to be true or false, ignoring it',
    'unknown option lable, did you mean label?',
    'unknown variable MICROLOG_STREAM, did you mean MICROLOG_STREAMS?'
  ]) {
    expect(lines).toContain(`microlog: ${told}`)
  }
})

test('what is to be said is said once in a process, however often recording begins in it', async () => {
  const program = `
    import { enabled } from 'microlog'
    for (const label of ['a', 'b', 'c']) await enabled(label, async () => {})`
  const ended = await runNode(['--input-type=module', '-e', program], {
    MICROLOG_SERVER: 'http://127.0.0.1:1',
    MICROLOG_SAMPLE_DELAY: 'often'
  })
  expect(linesOf(ended.stderr)).toEqual([
    expect.stringMatching(/^microlog: expected MICROLOG_SAMPLE_DELAY/),
    expect.stringMatching(/^microlog: no OpenTelemetry SDK/),
    expect.stringMatching(/^microlog: no collector takes what is recorded at http:\/\/127\.0\.0\.1:1 /)
  ])
})
