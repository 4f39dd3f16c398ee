// Runs in a worker thread of its own: encodes, compresses, sends. Nothing of it shows in the program's traces, and a
// blocked event loop stops neither sending nor the figures of the process that are measured here.
import { writeSync } from 'node:fs'
import { parentPort, workerData } from 'node:worker_threads'
import { gzipSync } from 'node:zlib'
import type { AttributeMap } from '../otlp/protobuf-writer.ts'
import { encodeLogsRequest } from '../otlp/write-logs.ts'
import { encodeMetricsRequest } from '../otlp/write-metrics.ts'
import { encodeTracesRequest } from '../otlp/write-traces.ts'
import { writeProfiles } from '../otlp/write-profiles.ts'
import { messageOf } from '../base/errors.ts'
import { findDestinations } from './destinations.ts'
import { getJson, postOtlp } from './otlp-transport.ts'
import type { LogRecord } from './record-sink.ts'
import { createProcessStatuses } from './process-statuses.ts'
import { SendLoop } from './send-loop.ts'
import { SendQueue, type SignalName } from './send-queue.ts'
import {
  collectorAbsent,
  collectorPresent,
  noRecords,
  word,
  type Records,
  type SenderMessage,
  type SenderWorkerData
} from './sender-protocol.ts'

const data = workerData as SenderWorkerData
const sendEveryMs = 500
/** Only a loop that hasn't turned since the program began, loading an SDK perhaps, leaves us waiting this long. */
const resourceTimeoutMs = 20_000
/** A request of this many logs stays far below a collector's limits. */
const mostLogsPerRequest = 2000
const mostSpansPerRequest = 500

const queue = new SendQueue(data.queueLimitBytes)
const processStatuses = createProcessStatuses(data.statusIntervalMs, data.memoryIntervalMs)
let pending = noRecords()
let resource: AttributeMap | undefined
let fallback: AttributeMap = {}
const startedMs = Date.now()

const loop = new SendLoop(queue, {
  findDestinations: () => findDestinations(data.destinations, url => getJson(url, 2000)),
  post: ({ url, headers }, body) =>
    postOtlp(url, body, { ...headers, 'x-microlog-wire': '1', 'user-agent': `microlog/${data.version}` }),
  onState(answers, reason) {
    Atomics.store(data.words, word.collector, answers ? collectorPresent : collectorAbsent)
    if (!answers) noticeOnce(reason)
  }
})

let noticed = false
function noticeOnce(reason: string): void {
  if (noticed || !data.notices) return
  noticed = true
  const { otlpUrl, otel, server } = data.destinations
  const where = otlpUrl ?? otel.base ?? server
  const line = `microlog: no collector takes what is recorded at ${withoutCredentials(where)} (${reason}); start one with "microlog serve". The program goes on, the newest records are kept.\n`
  try {
    writeSync(2, line)
  } catch (error) {
    // A closed or full stderr is not ours to mend.
    void messageOf(error)
  }
}

function withoutCredentials(url: string): string {
  const { protocol, host } = new URL(url)
  return `${protocol}//${host}`
}

function add(records: Records): void {
  Atomics.sub(data.words, word.inFlight, records.bytes)
  pending.logs.push(...records.logs)
  pending.statuses.push(...records.statuses)
  pending.profiles.push(...records.profiles)
  pending.spans.push(...records.spans)
  pending.bytes += records.bytes
  for (const [signal, items] of Object.entries(records.dropped)) queue.count(signal as SignalName, items)
  // Before the resource is known nothing can be encoded: the oldest goes here as it does from the queue.
  while (
    pending.bytes > data.queueLimitBytes &&
    pending.logs.length + pending.profiles.length + pending.spans.length > 0
  ) {
    queue.count('logs', pending.logs.splice(0, Math.ceil(pending.logs.length / 2)).length)
    queue.count('profiles', pending.profiles.splice(0, 1).length)
    queue.count('traces', pending.spans.splice(0, Math.ceil(pending.spans.length / 2)).length)
    pending.bytes = Math.floor(pending.bytes / 2)
  }
  if (pending.logs.length >= mostLogsPerRequest) encodePending()
}

function encodePending(): void {
  if (resource === undefined) {
    if (Date.now() - startedMs < resourceTimeoutMs) return
    resource = fallback
  }
  const { logs, statuses, profiles, spans } = pending
  pending = noRecords()
  if (loop.answers) logs.push(...lossEntries(queue.takeDropped()))
  statuses.push(...processStatuses.take())
  const sender = { resource, scopeName: 'microlog', scopeVersion: data.version }
  for (let i = 0; i < logs.length; i += mostLogsPerRequest) {
    const some = logs.slice(i, i + mostLogsPerRequest)
    enqueue('logs', some.length, () => encodeLogsRequest(sender, some))
  }
  for (let i = 0; i < spans.length; i += mostSpansPerRequest) {
    const some = spans.slice(i, i + mostSpansPerRequest)
    enqueue('traces', some.length, () => encodeTracesRequest(sender, some))
  }
  const points = statuses.reduce((sum, batch) => sum + batch.timeUnixNano.length, 0)
  if (points > 0) enqueue('metrics', points, () => encodeMetricsRequest(sender, statuses))
  for (const profile of profiles) {
    enqueue('profiles', profile.wall.stack.length, () => writeProfiles({ ...sender, profiles: [profile] }))
  }
}

const nouns = { logs: 'logs', metrics: 'statuses', profiles: 'samples', traces: 'spans' }

/** What was lost is told as one entry of the log. */
function lossEntries(dropped: Map<SignalName, number>): LogRecord[] {
  if (dropped.size === 0) return []
  const counts = [...dropped].map(([signal, items]) => `${items} ${nouns[signal]}`)
  const timeUnixNano = BigInt(Date.now()) * 1_000_000n
  return [
    {
      timeUnixNano,
      severityNumber: 13,
      severityText: 'WARN',
      body: `microlog lost ${counts.join(', ')}: more was recorded than could be sent`,
      uid: `lost-${timeUnixNano.toString(36)}`,
      threadId: 0,
      span: undefined,
      attributes: Object.fromEntries(
        [...dropped].map(([signal, items]) => [`microlog.dropped.${signal}`, items])
      )
    }
  ]
}

/** What can't be encoded is counted as lost; what comes after it is not. */
function enqueue(signal: SignalName, items: number, encode: () => Uint8Array): void {
  try {
    queue.push({ signal, items, body: gzipSync(encode(), { level: 4 }) as Uint8Array<ArrayBuffer> })
  } catch (error) {
    queue.count(signal, items)
    noticeOnce(messageOf(error))
  }
}

async function flush(number: number): Promise<void> {
  encodePending()
  await loop.flush()
  Atomics.store(data.words, word.flushed, number)
  Atomics.notify(data.words, word.flushed)
  parentPort?.postMessage(number)
}

function receive(message: SenderMessage): void {
  switch (message.kind) {
    case 'resource':
      resource = message.attributes
      encodePending()
      break
    case 'assume':
      fallback = message.attributes
      break
    case 'records':
      add(message.records)
      break
    case 'measure':
      processStatuses.measure(message.on)
      break
    case 'flush':
      void flush(message.number)
  }
}

parentPort?.on('message', receive)
new BroadcastChannel(data.channel).onmessage = event => add((event as { data: Records }).data)
setInterval(() => {
  encodePending()
  void loop.run()
}, sendEveryMs)
