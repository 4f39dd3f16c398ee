// Files of other profilers: how each format is told from others and read.
import { beginsAsJson } from '../../convert/begins-as-json.ts'
import { looksLikePprof } from '../../convert/pprof-file.ts'
import { readCpuprofile } from '../../convert/read-cpuprofile.ts'
import { readPprof } from '../../convert/read-pprof.ts'
import { readSpeedscope } from '../../convert/read-speedscope.ts'
import type { ProfileOrigin } from '../../convert/sampled-recording.ts'
import type { Recording } from '../../recording/schema.ts'

export interface ProfileFormat {
  name: ProfileFormatName
  read(bytes: Uint8Array, origin: ProfileOrigin): Recording
  /** How names of such files end. */
  suffix: RegExp
  /** A label for what has no name. */
  label: string
}

export type ProfileFormatName = 'cpuprofile' | 'pprof' | 'speedscope'

/** Says nothing of itself: what is JSON and nothing else. */
export const cpuprofile: ProfileFormat = {
  name: 'cpuprofile',
  read: readCpuprofile,
  suffix: /\.cpuprofile$/i,
  label: 'cpuprofile'
}
const pprof: ProfileFormat = { name: 'pprof', read: readPprof, suffix: /\.(pb|pprof|prof)$/i, label: 'pprof' }
const speedscope: ProfileFormat = {
  name: 'speedscope',
  read: readSpeedscope,
  suffix: /(\.speedscope)?(\.json)?$/i,
  label: 'speedscope'
}

export const profileFormats: Record<ProfileFormatName, ProfileFormat> = { cpuprofile, pprof, speedscope }

/** The format of a file that says itself what it is; undefined for any other. */
export function detectProfileFormat(bytes: Uint8Array): ProfileFormat | undefined {
  if (!beginsAsJson(bytes)) return looksLikePprof(bytes) ? pprof : undefined
  return namesSpeedscope(bytes) ? speedscope : undefined
}

/** Whether its `$schema`, wherever in the file it stands, is that of speedscope. */
function namesSpeedscope(bytes: Uint8Array): boolean {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const at = text.indexOf('"$schema"')
  return at >= 0 && /^"\$schema"\s*:\s*"[^"]*speedscope/.test(text.toString('latin1', at, at + 200))
}
