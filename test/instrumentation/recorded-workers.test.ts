import { afterAll, beforeAll, expect, test } from 'vitest'
import { createOtlpReceiver, type Attributes, type OtlpReceiver } from '../helpers/otlp-receiver.ts'
import { programPath, registerUrl, runNode } from '../helpers/run-node.ts'
import { runEndingWorkers } from './ending-workers.ts'

/** Each thread loads what records it: a busy machine takes its time. */
const patience = { timeout: 240_000 }

let receiver: OtlpReceiver
beforeAll(async () => {
  receiver = await createOtlpReceiver()
})
afterAll(() => receiver.close())

test(
  'worker threads that end in every way, and those alive at the exit, are each accounted for',
  patience,
  async () => {
    const ended = await runEndingWorkers(15, 2)
    expect(ended).toMatchObject({ code: 7, signal: null, stderr: expect.stringMatching(/^(?!.*Error)/) })
    expect(ended.threads).toHaveLength(17)
    expect(ended.accounted).toHaveLength(17)
    expect(ended.incomplete).toEqual([])
    expect(ended.thrown).toBe(3)
  }
)

/** Of one run, by the names of the worker threads that began: what each logged, and whether it was sampled. */
function threadsOf(label: string): Record<string, { logs: string[]; sampled: boolean }> {
  const ofRun = <T extends { resource: Attributes }>(items: readonly T[]): T[] =>
    items.filter(({ resource }) => resource['service.name'] === label)
  const begun = ofRun(receiver.points).filter(
    ({ name, value }) => name === 'microlog.thread.alive' && value === 1
  )
  return Object.fromEntries(
    begun.map(({ attributes: thread }) => {
      const own = ({ attributes }: { attributes: Attributes }): boolean =>
        attributes['thread.id'] === thread['thread.id']
      const profiles = ofRun(receiver.profiles).filter(own)
      const name = thread['thread.name'] as string
      return [
        name,
        {
          logs: ofRun(receiver.logs)
            .filter(own)
            .map(({ body }) => body.split('|', 1)[0]!),
          sampled: profiles.some(
            ({ type, attributes }) => type === 'wall' && attributes['thread.name'] === name
          )
        }
      ]
    })
  )
}

const started = {
  'register is preloaded': ['--import', registerUrl],
  'the program itself starts it': [],
  'an argument that only a whole process may have is given': [
    '--max-old-space-size=512',
    '--import',
    registerUrl
  ]
}

test.each(Object.entries(started))('every worker is recorded where %s', patience, async (how, args) => {
  const label = `workers ${how}`
  const program = [programPath('launched-workers.mjs'), ...(args.length === 0 ? ['start'] : [])]
  const env = { MICROLOG_OTLP_URL: receiver.url, MICROLOG_LABEL: label, OTEL_SDK_DISABLED: 'true' }
  const [plain, recorded] = await Promise.all([
    runNode([...args.filter(arg => arg !== '--import' && arg !== registerUrl), program[0]!]),
    runNode([...args, ...program], env)
  ])
  // Its arguments, names and output are the same, recorded or not.
  const withoutRegister = recorded.stdout.replaceAll(/,?"--import","[^"]*"/g, '')
  expect({ ...recorded, stdout: withoutRegister }).toEqual(plain)
  const names = [
    '[worker eval]',
    'launched-workers.mjs',
    'named',
    'own arguments',
    'own environment',
    'subclass'
  ]
  expect(threadsOf(label)).toEqual(
    Object.fromEntries(names.map(name => [name, { logs: [name], sampled: true }]))
  )
})

test(
  'spans of a worker thread are of its process, and what its start leads to is of the trace it was started in',
  patience,
  async () => {
    const label = 'spanning workers'
    const ended = await runNode(['--import', registerUrl, programPath('starters.mjs'), 'threads'], {
      MICROLOG_OTLP_URL: receiver.url,
      MICROLOG_LABEL: label
    })
    expect(ended).toMatchObject({ code: 0, stderr: '' })
    const spans = receiver.spans.filter(({ resource }) => resource['service.name'] === label)
    expect(new Set(spans.map(({ resource }) => resource['service.instance.id'])).size).toBe(1)
    const [request] = spans.filter(({ name }) => name === 'request')
    const traces = Object.fromEntries(spans.map(({ name, traceId }) => [name, traceId === request?.traceId]))
    expect(traces).toEqual({
      request: true,
      'at the start of thread': true,
      'later in thread': true,
      'server of thread': false,
      'asked of thread': false
    })
  }
)

test('workers: false leaves worker threads alone', patience, async () => {
  const label = 'no workers'
  const ended = await runNode(['--import', registerUrl, programPath('launched-workers.mjs')], {
    MICROLOG_OTLP_URL: receiver.url,
    MICROLOG_LABEL: label,
    OTEL_SDK_DISABLED: 'true',
    MICROLOG_WORKERS: 'false'
  })
  expect(ended.code).toBe(0)
  expect(receiver.logs.filter(({ resource }) => resource['service.name'] === label)).not.toEqual([])
  expect(threadsOf(label)).toEqual({})
  const ofThreads = receiver.logs.filter(
    ({ resource, attributes }) => resource['service.name'] === label && 'thread.id' in attributes
  )
  expect(ofThreads).toEqual([])
})
