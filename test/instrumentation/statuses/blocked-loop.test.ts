import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import type { ThreadProfile } from '../../../src/otlp/thread-profile.ts'
import type { LogRecord } from '../../../src/instrumentation/record-sink.ts'
import { createBlockedLoop, type Block } from '../../../src/instrumentation/statuses/blocked-loop.ts'
import { createOtlpReceiver, type OtlpReceiver, type ReceivedLog } from '../../helpers/otlp-receiver.ts'
import { programPath, registerUrl, startNode } from '../../helpers/run-node.ts'

const program = programPath('blocks-loop.mjs')

async function recorded(
  args: string[],
  meanwhile?: (pid: number) => Promise<void>,
  env: Record<string, string> = {}
): Promise<Pick<OtlpReceiver, 'logs' | 'ownEntries' | 'points' | 'profiles'>> {
  const receiver = await createOtlpReceiver()
  const started = startNode(['--import', registerUrl, program, ...args], {
    MICROLOG_OTLP_URL: receiver.url,
    OTEL_SDK_DISABLED: 'true',
    ...env
  })
  await meanwhile?.(started.child.pid!)
  expect(await started.ended).toMatchObject({ code: 0, signal: null })
  await receiver.close()
  return receiver
}

const ms = (entry: ReceivedLog): number => Number(entry.attributes['microlog.blocked.ms'])
const blocksOf = (receiver: Pick<OtlpReceiver, 'ownEntries'>): ReceivedLog[] =>
  receiver.ownEntries.filter(({ eventName }) => eventName === 'microlog.blocked')
/** Other work of a busy machine may block it as well. */
const blockBy = (receiver: Pick<OtlpReceiver, 'ownEntries'>, name: string): ReceivedLog | undefined =>
  blocksOf(receiver).find(({ attributes }) => attributes['code.function.name'] === name)

test('a blocked loop is marked at the time when it began, with the stack that blocked it; CPU and memory have no gap', async () => {
  const receiver = await recorded(['compute', '2000'])
  const entry = blockBy(receiver, 'computeForLong')!
  expect(entry).toMatchObject({
    severity: 'WARN',
    body: `event loop blocked for ${ms(entry)} ms`,
    attributes: { 'code.file.path': expect.stringMatching(/blocks-loop\.mjs$/) as string }
  })
  const [blocking, done] = receiver.logs.map(({ timeUnixNano }) => Number(timeUnixNano) / 1e6)
  expect(ms(entry)).toBeGreaterThanOrEqual(2000)
  // The timer that notices may be due 20 ms late.
  expect(Math.abs(Number(entry.timeUnixNano) / 1e6 - blocking!)).toBeLessThan(100)

  const stack = receiver.profiles.find(({ uids }) =>
    uids.includes(String(entry.attributes['log.record.uid']))
  )
  expect(stack?.type).toBe('log')
  for (const name of ['process.cpu.utilization', 'process.memory.usage', 'system.cpu.utilization']) {
    const times = receiver.points
      .filter(point => point.name === name)
      .map(({ timeUnixNano }) => Number(timeUnixNano) / 1e6)
    expect(times.filter(time => time > blocking! && time < done!).length, name).toBeGreaterThanOrEqual(15)
  }
}, 30_000)

test('a wait that uses no CPU blocks as well, and so does what the program ends in', async () => {
  const [waiting, exiting] = await Promise.all([
    recorded(['wait', '400']),
    recorded(['compute and exit', '400'])
  ])
  expect(ms(blockBy(waiting, 'waitForLong')!)).toBeGreaterThanOrEqual(400)
  expect(ms(blockBy(exiting, 'computeForLong')!)).toBeGreaterThanOrEqual(400)
}, 30_000)

test('a process that was stopped was not blocked', async () => {
  const stoppedMs = 800
  const receiver = await recorded(['stop, then compute', '400'], async pid => {
    await expect
      .poll(() => /\) (\w)/.exec(readFileSync(`/proc/${pid}/stat`, 'latin1'))?.[1], { timeout: 20_000 })
      .toBe('T')
    await new Promise(resolve => setTimeout(resolve, stoppedMs))
    process.kill(pid, 'SIGCONT')
  })
  expect(blockBy(receiver, 'computeForLong')).toBeDefined()
  const [from, to] = receiver.logs.map(({ timeUnixNano }) => timeUnixNano)
  const meanwhile = blocksOf(receiver).filter(
    ({ timeUnixNano }) => timeUnixNano >= from! - 50_000_000n && timeUnixNano < to!
  )
  expect(meanwhile.map(({ body }) => body)).toEqual([])
}, 30_000)

test('without a profiler it is marked without a stack', async () => {
  const receiver = await recorded(['compute', '400'], undefined, { MICROLOG_PROFILE: 'false' })
  expect(Math.max(...blocksOf(receiver).map(ms))).toBeGreaterThanOrEqual(400)
}, 30_000)

const noSamples = {
  stack: new Int32Array(),
  timeUnixUs: new Float64Array(),
  link: new Int32Array(),
  endpoint: new Int32Array()
}

/** Stacks root first, a sample each 10 ms. */
function profileOf(...samples: string[]): ThreadProfile {
  const names: string[] = []
  const parent: number[] = []
  const paths = new Map<string, number>()
  const leaves = samples.map(path => {
    let row = -1
    let key = ''
    for (const name of path.split(' > ')) {
      key += ` > ${name}`
      let known = paths.get(key)
      if (known === undefined) {
        known = parent.push(row) - 1
        names.push(name)
        paths.set(key, known)
      }
      row = known
    }
    return row
  })
  const file = (name: string): string =>
    name.startsWith('(') ? '' : name.startsWith('node:') ? name : `file:///${name}.js`
  return {
    id: '0'.repeat(32),
    threadId: 0,
    threadName: 'main',
    intervalUs: 10_000,
    startUnixUs: 0,
    endUnixUs: samples.length * 10_000,
    frames: {
      functionName: names,
      url: names.map(file),
      line: new Int32Array(names.length).fill(1),
      column: new Int32Array(names.length).fill(1),
      startLine: new Int32Array(names.length).fill(1)
    },
    stacks: { frame: Int32Array.from(names.keys()), parent: Int32Array.from(parent) },
    links: [{ traceId: 'a'.repeat(32), spanId: 'b'.repeat(16), flags: 1 }],
    endpoints: [],
    wall: {
      stack: Int32Array.from(leaves),
      timeUnixUs: Float64Array.from(leaves, (_, i) => i * 10_000),
      link: Int32Array.from(samples, path => (path.includes('handler') ? 0 : -1)),
      endpoint: new Int32Array(samples.length).fill(-1)
    },
    logs: { ...noSamples, uid: [] },
    spanStarts: noSamples
  }
}

/** What is told of a block over all of the profile. */
function told(profile: ThreadProfile): { entries: LogRecord[]; stacks: string[] } {
  const entries: LogRecord[] = []
  const loop = createBlockedLoop({ threadId: 0, profiled: true, sendLog: record => entries.push(record) })
  loop.add({ fromUnixUs: 0, toUnixUs: profile.endUnixUs })
  const { logs, frames, stacks } = loop.tell(profile)
  expect(logs.uid).toEqual(entries.map(({ uid }) => uid))
  loop.finish()
  return {
    entries,
    stacks: Array.from(logs.stack, row => {
      const path: string[] = []
      for (let at = row; at >= 0; at = stacks.parent[at]!)
        path.unshift(frames.functionName[stacks.frame[at]!]!)
      return path.join(' > ')
    })
  }
}

test('the stack goes down to the deepest call that more than half of the samples are in, with the span they have', () => {
  const { entries, stacks } = told(
    profileOf(
      '(root) > handler > sort > less',
      '(root) > handler > sort > swap',
      '(root) > handler > sort',
      '(root) > handler > send',
      '(root) > other'
    )
  )
  expect(stacks).toEqual(['(root) > handler > sort'])
  expect(entries).toMatchObject([
    { severityText: 'WARN', span: { spanId: 'b'.repeat(16) }, attributes: { 'code.function.name': 'sort' } }
  ])
})

const times = (count: number, sample: string): string[] => new Array<string>(count).fill(sample)

test('a block begins after the last sample that saw the loop wait, and what then is too short was none', () => {
  const idle = '(root) > (idle)'
  expect(told(profileOf(...times(12, idle))).entries).toEqual([])
  expect(told(profileOf(...times(8, idle), ...times(8, '(root) > work'))).entries).toEqual([])
  const { entries, stacks } = told(profileOf(...times(8, idle), ...times(12, '(root) > work')))
  expect(stacks).toEqual(['(root) > work'])
  expect(entries).toMatchObject([
    {
      body: 'event loop blocked for 130 ms',
      timeUnixNano: 70_000_000n,
      attributes: { 'code.function.name': 'work' }
    }
  ])
})

test('loading modules is told as that, and calmly', () => {
  const { entries } = told(profileOf('(root) > node:internal/modules/cjs/loader > top > setUp'))
  expect(entries).toMatchObject([
    { severityText: 'INFO', body: 'event loop blocked for 10 ms while modules were loaded' }
  ])
})

test('a storm of blocks is counted, not told one by one', () => {
  const entries: LogRecord[] = []
  const loop = createBlockedLoop({ threadId: 0, profiled: false, sendLog: record => entries.push(record) })
  const stretch = (fromUnixUs: number, us: number): Block => ({ fromUnixUs, toUnixUs: fromUnixUs + us })
  for (let i = 0; i < 100; i++) loop.add(stretch(i * 200_000, 150_000))
  loop.add(stretch(90e6, 200_000))
  expect(entries).toHaveLength(31)
  expect(entries.at(-1)!.attributes).toMatchObject({
    'microlog.blocked.ms': 200,
    'microlog.blocked.untold': 70
  })
})
