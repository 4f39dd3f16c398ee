import { randomBytes } from 'node:crypto'
import { BroadcastChannel } from 'node:worker_threads'
import { afterAll, describe, expect, test } from 'vitest'
import type { LinkedProfile, LogRecord, StatusPoints } from '../../../src/instrumentation/record-sink.ts'
import { itemKinds, type ItemCounts, type ItemKind } from '../../../src/instrumentation/send/item-ledger.ts'
import type {
  createSender as createSenderOfSource,
  Sender
} from '../../../src/instrumentation/send/sender.ts'
import type { WritableSpan } from '../../../src/otlp/write-traces.ts'
import { createFaultyDoor, faults } from '../../helpers/faulty-door.ts'
import { createOtlpReceiver, type OtlpReceiver } from '../../helpers/otlp-receiver.ts'

/** The built one: its worker thread is a file beside it. */
const { createSender } = (await import(
  new URL('../../../dist/instrumentation/send/sender.js', import.meta.url).href
)) as { createSender: typeof createSenderOfSource }

const closing: (() => unknown)[] = []
afterAll(async () => {
  for (const close of closing.reverse()) await close()
})

async function createScene() {
  const receiver = await createOtlpReceiver()
  const door = await createFaultyDoor(receiver.url)
  const channel = `faults ${randomBytes(6).toString('hex')}`
  const sender = createSender({
    destinations: {
      server: door.url,
      otlpUrl: door.url,
      ingestKey: undefined,
      otel: { base: undefined, urls: {}, headers: {} }
    },
    version: '0.0.0',
    statusIntervalMs: 100,
    channel,
    notices: false,
    queueLimitBytes: 64 * 1024,
    redact: [],
    flushLimitMs: 20_000
  })
  sender.setResource({ 'service.name': 'faults' })
  closing.push(receiver.close, door.close, sender.close)
  return { receiver, door, channel, sender, producer: createProducer(sender) }
}

/** Hands over a bit of everything, and counts it. */
function createProducer(sender: Sender) {
  const produced = { logs: 0, samples: 0, spans: 0, stacks: 0, statuses: 0 }
  return {
    produced,
    log(body: string): void {
      produced.logs++
      sender.log(logRecord(body, `log-${produced.logs}`))
    },
    round(): void {
      for (let i = 0; i < 20; i++) this.log(randomBytes(500).toString('hex'))
      sender.profile(profile())
      produced.samples += 50
      produced.stacks += 3
      sender.spans(Array.from({ length: 10 }, span))
      produced.spans += 10
      sender.statuses(statuses())
      produced.statuses += 5
    }
  }
}

/** What has arrived, each item once. */
function received(receiver: OtlpReceiver): Required<ItemCounts> {
  const { logs, points, profiles, spans } = receiver
  const own = logs.map(log => String(log.attributes['log.record.uid'])).filter(uid => uid.startsWith('log-'))
  const samplesOf = (type: string): number =>
    profiles.filter(profile => profile.type === type).reduce((sum, { samples }) => sum + samples, 0)
  return {
    logs: new Set(own).size,
    samples: samplesOf('wall'),
    spans: spans.length,
    stacks: samplesOf('log'),
    statuses: points.filter(({ name }) => name === 'test.status').length
  }
}

/** As the metric last said. */
function reportedDrops({ points }: OtlpReceiver): Required<ItemCounts> {
  const last = (kind: ItemKind): number =>
    points.filter(({ name }) => name === `microlog.dropped.${kind}`).at(-1)?.value ?? 0
  return Object.fromEntries(itemKinds.map(kind => [kind, last(kind)])) as Required<ItemCounts>
}

function sum(a: Required<ItemCounts>, b: Required<ItemCounts>): ItemCounts {
  return Object.fromEntries(itemKinds.map(kind => [kind, a[kind] + b[kind]]))
}

describe('what a faulty collector costs is counted to the last item, and all goes on when it is well again', () => {
  for (const fault of faults) {
    test.concurrent(`it ${fault}`, { timeout: 120_000 }, async ({ expect }) => {
      const { receiver, door, sender, producer } = await createScene()
      const bodies = (): string[] => receiver.logs.map(({ body }) => body)
      producer.log('before')
      await expect.poll(bodies).toContain('before')
      // It has arrived; that is acknowledged, too.
      await sender.flush()

      await door.setFault(fault)
      if (fault !== 'refuses') await expect.poll(() => (producer.round(), door.met)).toBeGreaterThan(0)
      await expect.poll(() => (producer.round(), Object.keys(sender.ledger.dropped))).toEqual([...itemKinds])
      expect(received(receiver)).toEqual({ logs: 1, samples: 0, spans: 0, stacks: 0, statuses: 0 })

      await door.setFault(undefined)
      producer.log('after')
      await expect.poll(bodies, { timeout: 30_000, interval: 200 }).toContain('after')
      await sender.flush()
      await expect.poll(() => sum(received(receiver), reportedDrops(receiver))).toEqual(producer.produced)
      await expect.poll(() => toldInEntries(receiver)).toBe(reportedDrops(receiver).logs)
    })
  }
})

describe('a sender whose worker dies', () => {
  /** Nothing else in a process speaks on this channel. */
  const speaker = (channel: string): BroadcastChannel => {
    const broadcast = new BroadcastChannel(channel)
    closing.push(() => broadcast.close())
    return broadcast
  }

  test('goes on with another one, and counts what the dead one had', async () => {
    const { receiver, door, channel, sender, producer } = await createScene()
    producer.log('before')
    await sender.flush()
    await door.setFault('hangs')
    producer.round()
    await expect.poll(() => door.met).toBeGreaterThan(0)
    speaker(channel).postMessage('not records')
    await expect.poll(() => sender.ledger.dropped.logs).toBeGreaterThan(0)
    await door.setFault(undefined)
    producer.log('after')
    await sender.flush()
    expect(receiver.logs.map(({ body }) => body)).toEqual(expect.arrayContaining(['before', 'after']))
    await expect.poll(() => sum(received(receiver), reportedDrops(receiver))).toEqual(producer.produced)
  })

  test('that never sent anything counts all as lost, and holds nobody up', async () => {
    const { door, channel, sender, producer } = await createScene()
    await door.setFault('refuses')
    producer.round()
    const broadcast = speaker(channel)
    const speak = (): void => broadcast.postMessage('not records')
    await expect.poll(() => (speak(), sender.ledger.dropped)).toEqual(producer.produced)
    await sender.flush()
    sender.flushNow()
    producer.round()
    sender.flushNow()
    await expect.poll(() => sender.ledger.dropped).toEqual(producer.produced)
  })
})

function toldInEntries({ ownEntries }: OtlpReceiver): number {
  const entries = ownEntries.filter(({ body }) => body.startsWith('microlog lost '))
  return entries.reduce((sum, log) => sum + Number(log.attributes['microlog.dropped.logs'] ?? 0), 0)
}

function logRecord(body: string, uid: string): LogRecord {
  return {
    timeUnixNano: BigInt(Date.now()) * 1_000_000n,
    severityNumber: 9,
    severityText: 'INFO',
    body,
    uid,
    threadId: 0,
    span: undefined,
    attributes: {}
  }
}

function profile(): LinkedProfile {
  const samples = (count: number) => ({
    stack: new Int32Array(count),
    timeUnixUs: Float64Array.from({ length: count }, (_, i) => Date.now() * 1000 + i),
    link: new Int32Array(count).fill(-1),
    endpoint: new Int32Array(count).fill(-1)
  })
  return {
    id: randomBytes(16).toString('hex'),
    threadId: 0,
    threadName: 'main',
    intervalUs: 10_000,
    startUnixUs: Date.now() * 1000,
    endUnixUs: Date.now() * 1000 + 100_000,
    frames: {
      functionName: ['work'],
      url: ['file:///work.js'],
      line: Int32Array.of(1),
      column: Int32Array.of(1),
      startLine: Int32Array.of(1)
    },
    stacks: { frame: Int32Array.of(0), parent: Int32Array.of(-1) },
    links: [],
    endpoints: [],
    wall: samples(50),
    logs: { ...samples(3), uid: ['a', 'b', 'c'] },
    spanStarts: samples(0)
  }
}

function span(): WritableSpan {
  const now = BigInt(Date.now()) * 1_000_000n
  return {
    traceId: randomBytes(16).toString('hex'),
    spanId: randomBytes(8).toString('hex'),
    parentSpanId: '',
    traceState: '',
    flags: 1,
    name: 'work',
    kind: 1,
    startUnixNano: now,
    endUnixNano: now + 1000n,
    attributes: { noise: randomBytes(100).toString('hex') },
    events: [],
    links: [],
    status: { code: 0, message: '' },
    dropped: { attributes: 0, events: 0, links: 0 },
    scope: { name: 'test', version: '', schemaUrl: '' }
  }
}

function statuses(): StatusPoints {
  return {
    threadId: 0,
    timeUnixNano: BigInt64Array.from({ length: 5 }, (_, i) => BigInt(Date.now() + i) * 1_000_000n),
    metrics: [{ name: 'test.status', unit: '1', values: Float64Array.from({ length: 5 }, Math.random) }]
  }
}
