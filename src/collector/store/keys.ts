// The names of things in a store:
//
//   recordings/<recording>/<segment>.microlog   recordings/<recording>/began-<Unix ms>   tombstones/<recording>
//   damaged/<recording>/<segment>.microlog
//
// A sealed segment is named after the stretch of the journal it holds, so that sealing it again gives the same name; a
// compacted one after its level and the names of those it was put together from.
import { createHash } from 'node:crypto'
import { isRecordingId } from './recording-id.ts'

export const recordingsPrefix = 'recordings/'
export const tombstonesPrefix = 'tombstones/'

const segmentSuffix = '.microlog'

/** What a segment is put together to, in the order in which that happens. */
export const compactedLevels = ['hour', 'day'] as const
export type CompactedLevel = (typeof compactedLevels)[number]
export type SegmentLevel = 'sealed' | CompactedLevel

export interface Stretch {
  journal: string
  from: number
  to: number
}

export function segmentId(journal: string, from: number, to: number): string {
  return `${journal}-${from}-${to}`
}

export function compactedId(level: CompactedLevel, inputs: readonly string[]): string {
  const digest = createHash('sha256').update(inputs.toSorted().join('\n')).digest('hex')
  return `${level}-${digest.slice(0, 32)}`
}

/** What stands for a journal in the segments of an imported file: the same for the same bytes. */
export function importedJournal(bytes: Uint8Array): string {
  return `i${createHash('sha256').update(bytes).digest('hex').slice(0, 31)}`
}

/** True for a segment of an imported file: its data is older than that it was put. */
export function isImported(id: string): boolean {
  return /^i[0-9a-f]{31}$/.test(parseSealedId(id)?.journal ?? '')
}

/** The stretch of a journal that a sealed segment holds; undefined for other names. */
export function parseSealedId(id: string): Stretch | undefined {
  const match = /^([0-9a-z]{1,40})-(\d{1,16})-(\d{1,16})$/.exec(id)
  return match ? { journal: match[1]!, from: Number(match[2]), to: Number(match[3]) } : undefined
}

export function levelOf(id: string): SegmentLevel | undefined {
  if (parseSealedId(id)) return 'sealed'
  const match = /^(hour|day)-[0-9a-f]{32}$/.exec(id)
  return match ? (match[1] as CompactedLevel) : undefined
}

export function segmentKey(recording: string, segment: string): string {
  return `${recordingsPrefix}${recording}/${segment}${segmentSuffix}`
}

/** Where a damaged segment is put whose name another one takes. */
export function asideKey(segmentKey: string): string {
  return `damaged/${segmentKey.slice(recordingsPrefix.length)}`
}

/** @param unixMs when the recording began, of which the first segments are gone */
export function beginningKey(recording: string, unixMs: number): string {
  return `${recordingsPrefix}${recording}/began-${unixMs}`
}

/** Undefined for what isn't one. */
export function parseBeginningKey(key: string): { recording: string; unixMs: number } | undefined {
  const parts = partsOf(key)
  const match = /^began-(\d{1,16}(?:\.\d{1,16})?)$/.exec(parts?.name ?? '')
  return parts && match ? { recording: parts.recording, unixMs: Number(match[1]) } : undefined
}

export function tombstoneKey(recording: string): string {
  return tombstonesPrefix + recording
}

/** Undefined for what isn't ours: a store may hold foreign files. */
export function parseSegmentKey(key: string): { recording: string; segment: string } | undefined {
  const parts = partsOf(key)
  if (!parts?.name.endsWith(segmentSuffix)) return undefined
  const segment = parts.name.slice(0, -segmentSuffix.length)
  return levelOf(segment) ? { recording: parts.recording, segment } : undefined
}

/** Undefined for what lies in no recording. */
function partsOf(key: string): { recording: string; name: string } | undefined {
  const [recording = '', name = '', ...more] = key.slice(recordingsPrefix.length).split('/')
  if (!key.startsWith(recordingsPrefix) || more.length > 0) return undefined
  return isRecordingId(recording) ? { recording, name } : undefined
}
