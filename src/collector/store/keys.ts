// The names of things in a store:
//
//   recordings/<recording>/<segment>.microlog   tombstones/<recording>
//
// A segment is named after the stretch of the journal it holds, so that sealing it again gives the same name.
import { isRecordingId } from '../ingest/recording-id.ts'

export const recordingsPrefix = 'recordings/'
export const tombstonesPrefix = 'tombstones/'

const segmentSuffix = '.microlog'

export function segmentId(journal: string, from: number, to: number): string {
  return `${journal}-${from}-${to}`
}

export function isSegmentId(text: string): boolean {
  return /^[0-9a-z]{1,40}-\d{1,16}-\d{1,16}$/.test(text)
}

export function segmentKey(recording: string, segment: string): string {
  return `${recordingsPrefix}${recording}/${segment}${segmentSuffix}`
}

export function tombstoneKey(recording: string): string {
  return tombstonesPrefix + recording
}

/** Undefined for what isn't ours: a store may hold foreign files. */
export function parseSegmentKey(key: string): { recording: string; segment: string } | undefined {
  const [recording = '', name = '', ...more] = key.slice(recordingsPrefix.length).split('/')
  const segment = name.slice(0, -segmentSuffix.length)
  if (!key.startsWith(recordingsPrefix) || !name.endsWith(segmentSuffix) || more.length > 0) return undefined
  return isRecordingId(recording) && isSegmentId(segment) ? { recording, segment } : undefined
}
