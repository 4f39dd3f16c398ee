// How long and how much is kept: what was asked for, else what the environment says, else the usual. A limit may differ by
// label: '7d,nightly=30d'.
import { MicrologError } from '../base/errors.ts'
import type { CollectorOptions } from './api.ts'
import { readBytes, readDuration } from './read-quantity.ts'
import type { RetentionLimits } from './store/retention.ts'

const usualRetention = '7d'
const usualMaxBytes = '10GiB'

/** A limit, and others for single labels. */
export interface LabelledLimit {
  usual: number | undefined
  labels: Record<string, number>
}

/** How a setting is read, here and where the command line gives it. */
export interface LimitSetting {
  variable: string
  /** Undefined for what it can't be. */
  read(text: string): LabelledLimit | undefined
  /** After 'to be': what is expected. */
  expected: string
}

export const retentionSetting: LimitSetting = {
  variable: 'MICROLOG_RETENTION',
  read: text => readLabelledLimit(text, withUnit(readDuration)),
  expected: `a time with its unit (ms, s, m, h or d), such as ${usualRetention} or 7d,nightly=30d`
}

export const maxBytesSetting: LimitSetting = {
  variable: 'MICROLOG_MAX_BYTES',
  read: text => readLabelledLimit(text, withUnit(readBytes)),
  expected: `a size with its unit (B, MB, MiB, GB, GiB …), such as ${usualMaxBytes} or 10GiB,nightly=1GiB`
}

/** Whoever collects into a store must not delete more than told: the environment counts for what isn't an option. */
export function retentionLimits(
  { retentionMs, retentionMsByLabel, maxBytes, maxBytesByLabel }: CollectorOptions,
  environment: NodeJS.ProcessEnv
): RetentionLimits {
  const ages = readSetting(environment, retentionSetting)
  const bytes = readSetting(environment, maxBytesSetting)
  for (const given of [{ retentionMs, maxBytes }, retentionMsByLabel, maxBytesByLabel]) {
    for (const [name, limit] of Object.entries(given ?? {})) checkLimit(name, limit)
  }
  const agesByLabel = retentionMsByLabel ?? ages.labels
  const bytesByLabel = maxBytesByLabel ?? bytes.labels
  const names = new Set([...Object.keys(agesByLabel), ...Object.keys(bytesByLabel)])
  const labels = Array.from(names, (label): [string, { ageMs?: number; bytes?: number }] => [
    label,
    {
      ...(Object.hasOwn(agesByLabel, label) && { ageMs: agesByLabel[label]! }),
      ...(Object.hasOwn(bytesByLabel, label) && { bytes: bytesByLabel[label]! })
    }
  ])
  return {
    ageMs: retentionMs ?? ages.usual ?? readDuration(usualRetention)!,
    bytes: maxBytes ?? bytes.usual ?? readBytes(usualMaxBytes)!,
    labels: new Map(labels)
  }
}

/** No type checks what a program in JavaScript gives. */
function checkLimit(name: string, limit: unknown): void {
  if (limit === undefined || (typeof limit === 'number' && limit >= 0)) return
  throw new MicrologError(
    'invalid-input',
    `Expected ${name} to be a number of ms or bytes, 0 for no limit, found ${JSON.stringify(limit)}`
  )
}

/** '7d', 'nightly=30d' or several of those with commas between, of which one at most has no label; undefined for others. */
export function readLabelledLimit(
  text: string,
  parse: (text: string) => number | undefined
): LabelledLimit | undefined {
  const limit: LabelledLimit = { usual: undefined, labels: Object.create(null) as Record<string, number> }
  for (const part of text.split(',')) {
    const split = part.lastIndexOf('=')
    const value = parse(part.slice(split + 1))
    const label = part.slice(0, Math.max(0, split)).trim()
    if (value === undefined || (split >= 0 && label === '')) return undefined
    if (split >= 0) limit.labels[label] = value
    else if (limit.usual === undefined) limit.usual = value
    else return undefined
  }
  return limit
}

/** Whoever means days by a bare 7, or GiB by a bare 10, would lose nearly everything. */
function withUnit(read: (text: string) => number | undefined): (text: string) => number | undefined {
  return text => {
    const limit = read(text)
    return limit === 0 || /[a-z]\s*$/i.test(text) ? limit : undefined
  }
}

function readSetting(
  environment: NodeJS.ProcessEnv,
  { variable, read, expected }: LimitSetting
): LabelledLimit {
  const text = environment[variable]
  const limit = text ? read(text) : { usual: undefined, labels: {} }
  if (limit) return limit
  throw new MicrologError('invalid-input', `Expected ${variable} to be ${expected}, found ${text}`)
}
