import { afterAll, beforeAll, expect, test } from 'vitest'
import { createOtlpReceiver, type Attributes, type OtlpReceiver } from '../helpers/otlp-receiver.ts'
import { programPath, registerUrl, runNode } from '../helpers/run-node.ts'

let receiver: OtlpReceiver
beforeAll(async () => {
  receiver = await createOtlpReceiver()
})
afterAll(() => receiver.close())

const ways = ['fork', 'bare fork', 'spawn', 'exec', 'execFile', 'spawnSync', 'execSync', 'execFileSync']

function startChildren(label: string, env: Record<string, string>, ...asked: string[]) {
  return runNode(['--import', registerUrl, programPath('starters.mjs'), 'processes', ...asked], {
    MICROLOG_OTLP_URL: receiver.url,
    MICROLOG_LABEL: label,
    ...env
  })
}

function ofLabel<T extends { resource: Attributes }>(items: readonly T[], label: string): T[] {
  return items.filter(({ resource }) => resource['service.name'] === label)
}

// Nine processes that each load an SDK: on a busy machine they take their time.
test(
  'a process started in any way has a recording of its own, its parent, and the trace it was started in',
  { timeout: 240_000 },
  async () => {
    const label = 'with children'
    const ended = await startChildren(label, {})
    // Nothing of it shows in the program's own environment.
    expect(ended).toMatchObject({ code: 0, stdout: expect.stringMatching(/\[\]\n$/), stderr: '' })
    const spans = ofLabel(receiver.spans, label)
    const [request] = spans.filter(({ name }) => name === 'request')
    const parent = request?.resource['service.instance.id']
    const children = ofLabel(receiver.logs, label).filter(({ body }) => body.startsWith('started by'))
    expect(children.map(({ body }) => body.slice('started by '.length)).sort()).toEqual([...ways].sort())
    expect(new Set(children.map(({ resource }) => resource['microlog.parent.id']))).toEqual(new Set([parent]))
    const instances = new Set(children.map(({ resource }) => resource['service.instance.id']))
    expect(instances.size).toBe(ways.length)
    expect(instances.has(parent)).toBe(false)
    const inTrace = spans.filter(({ traceId }) => traceId === request?.traceId).map(({ name }) => name)
    const expected = ways.flatMap(way => [`at the start of ${way}`, `later in ${way}`])
    expect(inTrace.sort()).toEqual(['request', ...expected].sort())
    const others = spans.filter(({ traceId }) => traceId !== request?.traceId).map(({ name }) => name)
    expect(others.sort()).toEqual(['asked of fork', 'server of fork'])
  }
)

test('children: false records the parent only, whatever its children inherit', async () => {
  const label = 'without children'
  await startChildren(
    label,
    { MICROLOG_CHILDREN: 'false', NODE_OPTIONS: `--import ${registerUrl}` },
    'fork',
    'execSync'
  )
  expect(ofLabel(receiver.spans, label).map(({ name }) => name)).toEqual(['request'])
  expect(ofLabel(receiver.logs, label).map(({ body }) => body)).toEqual([expect.stringMatching(/^\[/)])
})
