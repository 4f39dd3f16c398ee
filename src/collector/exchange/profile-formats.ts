// Files of other profilers: how each format is told from others and read.
import { MicrologError } from '../../base/errors.ts'
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

/** Says nothing of itself: `looksLikeCpuprofile` is what tells it. */
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

/**
 * Whether JSON that is no other format is worth trying as a .cpuprofile. What Chrome and Node write beside those is refused
 * with what to write instead.
 */
export function looksLikeCpuprofile(bytes: Uint8Array): boolean {
  if (!beginsAsJson(bytes)) return false
  if (hasKey(bytes, 'traceEvents'))
    throw new MicrologError(
      'unsupported',
      'Expected a .cpuprofile, found a trace of Chrome: node --cpu-prof writes a .cpuprofile'
    )
  if (hasKey(bytes, 'selfSize') || hasKey(bytes, 'node_fields'))
    throw new MicrologError(
      'unsupported',
      'Expected a profile of time, found one of the heap: microlog run --heap records what lives there'
    )
  return hasKey(bytes, 'nodes')
}

/** Whether its `$schema`, wherever in the file it stands, is that of speedscope. */
function namesSpeedscope(bytes: Uint8Array): boolean {
  return hasKey(bytes, '$schema', /^\s*:\s*"[^"]*speedscope/)
}

/** Whether the first that is called so is followed by what it should be; a string that has quotes in it has backslashes, too. */
function hasKey(bytes: Uint8Array, name: string, value = /^\s*:/): boolean {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const at = text.indexOf(`"${name}"`)
  const end = at + name.length + 2
  return at >= 0 && value.test(text.toString('latin1', end, end + 200))
}
