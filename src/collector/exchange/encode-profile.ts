import { encodeRecording } from '../../format/index.ts'
import { readAttributes } from '../../recording/attributes.ts'
import { nodeCodec } from '../store/node-codec.ts'
import { profileFormats } from './profile-formats.ts'
import type { ProfileFormatName } from './profile-formats.ts'

/** A profiler's file, and what it shall become. */
export interface ProfileJob {
  format: ProfileFormatName
  bytes: Uint8Array
  label: string
  /** Id of the recording. */
  recording: string
  /** When it began, where the file doesn't say. */
  startUnixNano: bigint
}

/** The file as a segment. */
export async function encodeProfile(job: ProfileJob): Promise<Uint8Array> {
  const { format, bytes, label, recording, startUnixNano } = job
  const tables = profileFormats[format].read(bytes, { name: label, startUnixNano })
  const attributes = readAttributes(tables, tables.resources.attributes[0]!)
  const resource = Object.fromEntries(attributes.map(({ key, text }) => [key, text]))
  return encodeRecording(tables, { recording, label, resource }, nodeCodec)
}
