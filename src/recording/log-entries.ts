// The logs of a recording by time, each once: a log call may arrive as a record, as an event of its span, or as both
// with one uid, and its stack comes as a sample of its own.
import { attributeNumber, attributeText, bodyText } from './attributes.ts'
import { spanIdAt, traceIdAt } from './ids.ts'
import type { Recording } from './schema.ts'
import { timeOfLog } from './time-range.ts'

export const logLevels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal'] as const
export type LogLevel = (typeof logLevels)[number]

export interface LogEntry {
  /** log.record.uid, or one made of its row where it has none. */
  readonly key: string
  /** ns since the recording's epoch. */
  readonly time: number
  readonly level: LogLevel
  readonly body: string
  /** Hex; '' outside of a span. */
  readonly traceId: string
  readonly spanId: string
  /** 0 is the main thread. */
  readonly thread: number
  /** Row of `stacks` that the call was made from, -1 where it wasn't captured. */
  readonly stack: number
  /** Row of `sets`. */
  readonly attributes: number
  /** Written by the recorder itself, not by a log call of the program. */
  readonly own: boolean
}

/** Whether the recorder itself wrote this row of `logs`: a blocked event loop, the report at the end. */
function isOwnEntry({ logs, strings }: Recording, row: number): boolean {
  return strings[logs.eventName[row]!]!.startsWith('microlog.')
}

/** Which of the recorder's own entries a list shows among the program's: of its notes there may be very many. */
export const ownChoices = ['warnings', 'all', 'none'] as const
export type OwnChoice = (typeof ownChoices)[number]

export function isListed({ own, level }: Pick<LogEntry, 'own' | 'level'>, choice: OwnChoice): boolean {
  if (!own || choice === 'all') return true
  return choice === 'warnings' && logLevels.indexOf(level) >= logLevels.indexOf('warn')
}

/** How many log calls of the program there are of each level: counts leave out the recorder's own entries. */
export function countLevels(entries: readonly LogEntry[]): Record<LogLevel, number> {
  const counts = Object.fromEntries(logLevels.map(level => [level, 0])) as Record<LogLevel, number>
  for (const { level, own } of entries) if (!own) counts[level]++
  return counts
}

/** Per row of `logs` 1 where it counts: not the recorder's own entries, nor a call that two records tell of. */
export function countedLogs(recording: Recording): Uint8Array {
  const { logs } = recording
  const uids = new Set<string>()
  return Uint8Array.from({ length: logs.length }, (_, row) => {
    if (isOwnEntry(recording, row)) return 0
    const uid = uidOf(recording, logs.attributes[row]!)
    if (uid === undefined) return 1
    const known = uids.size
    return Number(uids.add(uid).size > known)
  })
}

/** @param wants judges by the body alone: nothing else is read of those it turns down */
export function buildLogEntries(
  recording: Recording,
  wants: (body: string) => boolean = () => true
): LogEntry[] {
  const stacks = stacksByUid(recording)
  const entries = new Map<string, LogEntry>()
  const add = (entry: Omit<LogEntry, 'stack' | 'thread'>): void => {
    if (entries.has(entry.key)) return
    entries.set(entry.key, {
      ...entry,
      thread: attributeNumber(recording, entry.attributes, 'thread.id') ?? 0,
      stack: stacks.get(entry.key) ?? -1
    })
  }
  addRecords(recording, wants, add)
  addEvents(recording, wants, add)
  return [...entries.values()].sort((a, b) => a.time - b.time)
}

type AddEntry = (entry: Omit<LogEntry, 'stack' | 'thread'>) => void

function addRecords(recording: Recording, wants: (body: string) => boolean, add: AddEntry): void {
  const { logs, links, strings } = recording
  for (let row = 0; row < logs.length; row++) {
    const body = bodyText(recording, logs.body[row]!) || strings[logs.eventName[row]!]!
    if (!wants(body)) continue
    const attributes = logs.attributes[row]!
    const link = logs.link[row]!
    const severity = logs.severity[row]!
    add({
      key: uidOf(recording, attributes) ?? `record-${row}`,
      time: timeOfLog(recording, row),
      level: severity > 0 ? levelOfSeverity(severity) : levelOfText(strings[logs.severityText[row]!]!),
      body,
      traceId: traceIdAt(links.traceId, link),
      spanId: spanIdAt(links.spanId, link),
      attributes,
      own: isOwnEntry(recording, row)
    })
  }
}

function addEvents(recording: Recording, wants: (body: string) => boolean, add: AddEntry): void {
  const { spans, events, strings } = recording
  for (let span = 0; span < spans.length; span++) {
    const first = spans.eventStart[span]!
    for (let row = first; first >= 0 && row < first + spans.eventCount[span]!; row++) {
      if (strings[events.name[row]!] !== 'log') continue
      const attributes = events.attributes[row]!
      const body = attributeText(recording, attributes, 'log.body') ?? ''
      if (!wants(body)) continue
      add({
        key: uidOf(recording, attributes) ?? `event-${row}`,
        time: events.time[row]!,
        level: levelOfText(attributeText(recording, attributes, 'log.severity') ?? ''),
        body,
        traceId: traceIdAt(spans.traceId, span),
        spanId: spanIdAt(spans.spanId, span),
        attributes,
        own: false
      })
    }
  }
}

const longestUid = 128

/** log.record.uid; undefined where there is none, or one that can't tell a log call from others. @param attributes row of `sets` */
export function uidOf(recording: Recording, attributes: number): string | undefined {
  const uid = attributeText(recording, attributes, 'log.record.uid')
  return uid !== undefined && uid !== '' && uid.length <= longestUid ? uid : undefined
}

function stacksByUid(recording: Recording): Map<string, number> {
  const { samples, profiles, strings } = recording
  const stacks = new Map<string, number>()
  for (let row = 0; row < samples.length; row++) {
    if (strings[profiles.sampleType[samples.profile[row]!]!] !== 'log') continue
    const uid = uidOf(recording, samples.attributes[row]!)
    if (uid !== undefined && !stacks.has(uid)) stacks.set(uid, samples.stack[row]!)
  }
  return stacks
}

/** The level of an OTLP severity number: 1–4 trace … 21–24 fatal. */
export function levelOfSeverity(severity: number): LogLevel {
  if (severity <= 0) return 'info'
  return logLevels[Math.min(5, Math.floor((severity - 1) / 4))]!
}

function levelOfText(text: string): LogLevel {
  const word = text.toLowerCase()
  if (word.startsWith('warn')) return 'warn'
  if (word === 'critical') return 'fatal'
  return logLevels.find(level => word.startsWith(level)) ?? 'info'
}

/** Frames of a stack from the innermost out, without V8's root. */
export function stackFrames({ stacks, frames, strings }: Recording, stack: number): number[] {
  const found: number[] = []
  for (let at = stack; at >= 0; at = stacks.parent[at]!) {
    const frame = stacks.frame[at]!
    if (frames.url[frame] !== 0 || strings[frames.name[frame]!] !== '(root)') found.push(frame)
  }
  return found
}
