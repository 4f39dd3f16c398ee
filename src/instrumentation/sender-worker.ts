// Runs in a worker thread of its own: encodes, compresses, sends. Nothing of it shows in the program's traces, and a
// blocked event loop stops neither sending nor the figures of the process that are measured here.
import { writeSync } from 'node:fs'
import { setImmediate } from 'node:timers/promises'
import { parentPort, workerData } from 'node:worker_threads'
import { gzipSync } from 'node:zlib'
import type { AttributeMap } from '../otlp/protobuf-writer.ts'
import { encodeLogsRequest } from '../otlp/write-logs.ts'
import { encodeMetricsRequest } from '../otlp/write-metrics.ts'
import { encodeTracesRequest } from '../otlp/write-traces.ts'
import { writeProfiles } from '../otlp/write-profiles.ts'
import { messageOf } from '../base/errors.ts'
import { describeLog, describeProfile } from './frames/describe-records.ts'
import { Packages } from './frames/packages.ts'
import { SourceMaps } from './frames/source-maps.ts'
import { SlowModules } from './modules/slow-modules.ts'
import type { LinkedProfile, LogRecord, StatusPoints } from './record-sink.ts'
import { redactedRecords } from './logs/log-columns.ts'
import { createRedactor } from './logs/redaction.ts'
import { findDestinations } from './send/destinations.ts'
import { getJson, postOtlp } from './send/otlp-transport.ts'
import { createProcessStatuses } from './statuses/process-statuses.ts'
import { nothingAnswers, SendLoop } from './send/send-loop.ts'
import { ItemLedger } from './send/item-ledger.ts'
import { LossReport } from './send/loss-report.ts'
import { takeOldest } from './send/outbox.ts'
import { SendQueue, type Batch } from './send/send-queue.ts'
import {
  collectorAbsent,
  collectorPresent,
  countRecords,
  noRecords,
  word,
  type Records,
  type SenderMessage,
  type SenderWorkerData
} from './send/sender-protocol.ts'

const data = workerData as SenderWorkerData
const sendEveryMs = 500
/** A request takes 1–2 ms of CPU however little is in it: an idle program, which has nothing but statuses, makes few. */
const sendStatusesEveryMs = 2000
/** Only a loop that hasn't turned since the program began, loading an SDK perhaps, leaves us waiting this long. */
const resourceTimeoutMs = 20_000
/** A request of this many logs stays far below a collector's limits. */
const mostLogsPerRequest = 2000
const mostSpansPerRequest = 500

const redactor = createRedactor(data.redact)
const ledger = new ItemLedger(data.ledger)
const losses = new LossReport(ledger)
const queue = new SendQueue(data.queueLimitBytes, ledger)
const sourceMaps = new SourceMaps()
const packages = new Packages()
const slowModules = new SlowModules(data.script, packages)
const processStatuses = createProcessStatuses(data.statusIntervalMs)
let pending = noRecords()
let resource: AttributeMap | undefined
let fallback: AttributeMap = {}
let statusesSentMs = -Infinity
let logsSentMs = -Infinity
const startedMs = Date.now()

/** Why nothing answered last. */
let unreachable = ''
const loop = new SendLoop(queue, {
  findDestinations: () =>
    findDestinations(data.destinations, url => getJson(url, 2000, why => (unreachable = `: ${why}`))),
  post: ({ url, headers }, body) =>
    postOtlp(url, body, { ...headers, 'x-microlog-wire': '1', 'user-agent': `microlog/${data.version}` }),
  onState(answers, reason) {
    Atomics.store(data.words, word.collector, answers ? collectorPresent : collectorAbsent)
    if (!answers) noticeOnce(reason === nothingAnswers ? reason + unreachable : reason)
  }
})

let noticed = false
function noticeOnce(reason: string): void {
  if (noticed || !data.notices) return
  noticed = true
  Atomics.store(data.words, word.told, 1)
  const { otlpUrl, otel, server } = data.destinations
  const where = otlpUrl ?? otel.base ?? server
  const place = `${withoutCredentials(where)} (${reason})`
  const line = /^status 40[13]$/.test(reason)
    ? `microlog: the collector at ${place} wants the key that it was started with: set MICROLOG_INGEST_KEY. The program goes on, nothing of it is kept.\n`
    : `microlog: no collector takes what is recorded at ${place}; start one with "microlog serve". The program goes on, the newest records are kept.\n`
  try {
    writeSync(2, line)
  } catch {
    // A closed or full stderr is not ours to mend.
  }
}

function withoutCredentials(url: string): string {
  const { protocol, host } = new URL(url)
  return `${protocol}//${host}`
}

function add(records: Records): void {
  for (const { url, map } of records.sourceMaps) sourceMaps.give(url, map)
  pending.logs.push(...records.logs, ...redactedRecords(records.logCalls, redactor))
  pending.statuses.push(...records.statuses)
  pending.profiles.push(...records.profiles)
  pending.spans.push(...records.spans)
  pending.bytes += records.bytes
  // Before the resource is known nothing can be encoded: the oldest goes here as it does from the queue.
  while (pending.bytes > data.queueLimitBytes) ledger.drop(countRecords(takeOldest(pending)))
  if (pending.logs.length >= mostLogsPerRequest) encodePending()
  // What is logged after a silence leaves at once: it may be the last that a program says.
  if (pending.logs.length > 0 && performance.now() - logsSentMs >= sendEveryMs) {
    encodePending(false)
    void loop.run()
  }
}

function encodePending(withStatuses = true): void {
  if (resource === undefined) {
    if (Date.now() - startedMs < resourceTimeoutMs) return
    resource = fallback
  }
  const { logs, statuses, spans } = pending
  if (logs.length > 0) logsSentMs = performance.now()
  const profiles = pending.profiles.map(profile => withSlowModules(profile, logs))
  pending = noRecords()
  if (!withStatuses) {
    pending.statuses.push(...statuses.splice(0))
  } else {
    const measured = [...processStatuses.take(), ...unusableMaps()]
    ledger.take(countRecords({ ...noRecords(), statuses: measured }))
    statuses.push(...measured)
    statusesSentMs = performance.now()
  }
  const sender = { resource, scopeName: 'microlog', scopeVersion: data.version }
  for (let i = 0; i < logs.length; i += mostLogsPerRequest) {
    const some = logs.slice(i, i + mostLogsPerRequest)
    enqueue('logs', { logs: some }, () => {
      const described = some.map(log => describeLog(log, sourceMaps))
      return encodeLogsRequest(sender, described)
    })
  }
  for (let i = 0; i < spans.length; i += mostSpansPerRequest) {
    const some = spans.slice(i, i + mostSpansPerRequest)
    enqueue('traces', { spans: some }, () => encodeTracesRequest(sender, some))
  }
  if (statuses.length > 0) {
    enqueue('metrics', { statuses }, () => encodeMetricsRequest(sender, statuses))
  }
  for (const profile of profiles) {
    const profiles = [profile]
    enqueue('profiles', { profiles }, () => {
      const described = profiles.map(recorded => describeProfile(recorded, sourceMaps, packages))
      return writeProfiles({ ...sender, profiles: described })
    })
  }
  // Told once somebody listens: until then it only grows.
  if (loop.answers) enqueueLosses(sender)
}

/** Tells modules that took long to load among the logs, and gives the profile back with the stacks of that. */
function withSlowModules(recorded: LinkedProfile, logs: LogRecord[]): LinkedProfile {
  const { profile, entries } = slowModules.tell(recorded)
  ledger.take({ logs: entries.length, stacks: profile.logs.stack.length - recorded.logs.stack.length })
  logs.push(...entries)
  return profile
}

/** Of source maps that were broken or too large: the code they belong to is shown as it was compiled. */
function unusableMaps(): StatusPoints[] {
  const count = sourceMaps.takeUnusable()
  if (count === 0) return []
  const metric = { name: 'microlog.unusable.source_maps', unit: '{map}', values: Float64Array.of(count) }
  const timeUnixNano = BigInt64Array.of(BigInt(Date.now()) * 1_000_000n)
  return [{ threadId: 0, timeUnixNano, metrics: [metric] }]
}

function enqueueLosses(sender: Parameters<typeof encodeLogsRequest>[0]): void {
  const entry = losses.takeEntry()
  if (entry !== undefined) {
    enqueue('logs', {}, () => encodeLogsRequest(sender, [entry.content]), entry.onDropped)
  }
  const sums = losses.takeSums()
  if (sums !== undefined) {
    enqueue('metrics', {}, () => encodeMetricsRequest(sender, [], sums.content), sums.onDropped)
  }
}

/** What can't be encoded is dropped; what comes after it is not. */
function enqueue(
  signal: Batch['signal'],
  records: Partial<Records>,
  encode: () => Uint8Array,
  onDropped?: () => void
): void {
  const items = countRecords({ ...noRecords(), ...records })
  try {
    const body = gzipSync(encode(), { level: 6 }) as Uint8Array<ArrayBuffer>
    queue.push({ signal, items, body, ...(onDropped && { onDropped }) })
  } catch (error) {
    ledger.drop(items)
    noticeOnce(messageOf(error))
  }
}

/** What of the time that a flush may take goes to reading source maps, at most. */
const mapsShare = 0.5

async function flush(number: number, limitMs: number): Promise<void> {
  // What threads of the program have said before stands in other ports.
  await setImmediate()
  sourceMaps.hurry(limitMs * mapsShare)
  encodePending()
  // What still loads modules now goes with what has just been seen.
  const last = slowModules.tellLast()
  ledger.take({ logs: last.length })
  pending.logs.push(...last)
  encodePending(false)
  await loop.flush()
  // What that has cost is told as well.
  if (loop.answers) {
    encodePending()
    await loop.flush()
  }
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
      Atomics.sub(data.words, word.inFlight, message.records.bytes)
      add(message.records)
      break
    case 'measure':
      processStatuses.measure(message.on)
      break
    case 'flush':
      void flush(message.number, message.limitMs)
  }
}

parentPort?.on('message', receive)
new BroadcastChannel(data.channel).onmessage = event => add((event as { data: Records }).data)
Atomics.store(data.words, word.listening, 1)
Atomics.notify(data.words, word.listening)
setInterval(() => {
  encodePending(performance.now() - statusesSentMs >= sendStatusesEveryMs)
  void loop.run()
}, sendEveryMs)
