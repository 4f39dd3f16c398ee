import type { AttributeMap } from '../../otlp/protobuf-writer.ts'
import type { WritableSpan } from '../../otlp/write-traces.ts'
import { addLog, bytesOfLog, bytesOfTexts, takeFirst } from '../logs/log-columns.ts'
import type { LinkedProfile, LogRecord, RecordSink } from '../record-sink.ts'
import type { ItemLedger } from './item-ledger.ts'
import { countRecords, noRecords, type Records } from './sender-protocol.ts'
import { clearTimeout, nowMs, setTimeout } from '../real-clock.ts'

export interface OutboxSink extends RecordSink {
  /** Spans that no exporter of the program's takes. */
  spans(spans: WritableSpan[]): void
}

export interface Outbox {
  readonly sink: OutboxSink
  /** Hands over what there is, whether there is room or not. */
  post(): void
  close(): void
}

export interface OutboxOptions {
  ledger: ItemLedger
  /** Whether the receiver keeps up. */
  hasRoom(): boolean
  /** May throw: the records are dropped then. */
  post(records: Records): void
}

const postEveryMs = 100
const pendingLimitBytes = 12 * 1024 * 1024
/** One post copies this much at most, about 1 ms. */
const postBytes = 256 * 1024

/** Gathers what a tenth of a second brings. Where nothing comes, no timer wakes the program. */
export function createOutbox({ ledger, hasRoom, post }: OutboxOptions): Outbox {
  let pending = noRecords()
  let postedMs = -Infinity
  let armed = true
  let closed = false

  const postNow = (): void => {
    if (pending.bytes === 0) return
    postedMs = nowMs()
    const records = pending
    pending = noRecords()
    const counts = countRecords(records)
    ledger.take(counts)
    try {
      post(records)
    } catch {
      // What can't be copied is lost, the program's call goes on.
      ledger.drop(counts)
    }
  }
  const postIfRoom = (): void => {
    if (hasRoom()) postNow()
  }
  // Made once, here: made by a log call, it would run as part of that call's span.
  const timer = setTimeout(() => {
    armed = false
    postIfRoom()
    if (pending.bytes > 0) arm()
  }, postEveryMs).unref()
  const arm = (): void => {
    if (armed || closed) return
    armed = true
    timer.refresh()
  }
  const add = (bytes: number): void => {
    pending.bytes += bytes
    // A loop that never turns runs no timer.
    if (pending.bytes > postBytes || nowMs() - postedMs > postEveryMs) postIfRoom()
    if (pending.bytes > 0) arm()
    while (pending.bytes > pendingLimitBytes) ledger.lose(countRecords(takeOldest(pending)))
  }

  return {
    sink: {
      log(record) {
        pending.logs.push(record)
        add(bytesOfEntry(record))
      },
      logCall(log) {
        addLog(pending.logCalls, log)
        add(bytesOfLog(log.body, log.attributes, log.line?.text))
      },
      statuses(points) {
        pending.statuses.push(points)
        add(200 + points.timeUnixNano.length * (points.metrics.length + 1) * 8)
      },
      spans(spans) {
        pending.spans.push(...spans)
        add(sum(spans, bytesOfSpan))
      },
      sourceMap(given) {
        pending.sourceMaps.push(given)
        add(given.map.mappings.length)
      },
      profile(profile) {
        pending.profiles.push(profile)
        add(bytesOfProfile(profile))
      },
      lose: counts => ledger.lose(counts)
    },
    post: postNow,
    close() {
      closed = true
      clearTimeout(timer)
    }
  }
}

/** The older part of what waits: a quarter of the logs and spans, one profile; all, where nothing but statuses is left. */
export function takeOldest(pending: Records): Records {
  const taken = noRecords()
  taken.logs = pending.logs.splice(0, Math.ceil(pending.logs.length / 4))
  taken.profiles = pending.profiles.splice(0, 1)
  taken.spans = pending.spans.splice(0, Math.ceil(pending.spans.length / 4))
  taken.logCalls = takeFirst(pending.logCalls, Math.ceil(pending.logCalls.uid.length / 4))
  const { body, attributes, line } = taken.logCalls
  taken.bytes =
    sum(taken.logs, bytesOfEntry) +
    sum(taken.profiles, bytesOfProfile) +
    sum(taken.spans, bytesOfSpan) +
    sum(body, (text, row) => bytesOfLog(text, attributes[row]!, line[row]?.text))
  if (taken.bytes === 0) {
    taken.bytes = pending.bytes
    taken.statuses = pending.statuses.splice(0)
    taken.sourceMaps = pending.sourceMaps.splice(0)
  }
  pending.bytes -= taken.bytes
  return taken
}

function sum<Item>(items: readonly Item[], bytesOf: (item: Item, at: number) => number): number {
  return items.reduce((bytes, item, at) => bytes + bytesOf(item, at), 0)
}

function bytesOfSpan({ attributes, events, links }: WritableSpan): number {
  const ofPart = (part: { attributes: AttributeMap }): number => 200 + bytesOfTexts(part.attributes)
  return 700 + bytesOfTexts(attributes) + sum(events, ofPart) + sum(links, ofPart)
}

function bytesOfEntry({ body, attributes }: LogRecord): number {
  return bytesOfLog(body, attributes)
}

function bytesOfProfile({ frames, stacks, wall, logs, spanStarts, heap }: LinkedProfile): number {
  const samples = wall.stack.length + logs.stack.length + spanStarts.stack.length + (heap?.stack.length ?? 0)
  return frames.url.length * 64 + stacks.frame.length * 8 + samples * 24
}
