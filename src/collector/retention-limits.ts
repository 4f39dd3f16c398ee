import { MicrologError } from '../base/errors.ts'
import type { CollectorOptions } from './api.ts'
import { readBytes, readDuration } from './read-quantity.ts'
import type { RetentionLimits } from './store/retention.ts'

const usualRetention = '7d'
const usualMaxBytes = '10GiB'

/** What was asked for, else what the environment says: whoever collects into a store must not delete more than told. */
export function retentionLimits(
  { retentionMs, maxBytes }: CollectorOptions,
  environment: NodeJS.ProcessEnv
): RetentionLimits {
  return {
    ageMs: retentionMs ?? read(environment, 'MICROLOG_RETENTION', usualRetention, readDuration),
    bytes: maxBytes ?? read(environment, 'MICROLOG_MAX_BYTES', usualMaxBytes, readBytes)
  }
}

function read(
  environment: NodeJS.ProcessEnv,
  name: string,
  usual: string,
  parse: (text: string) => number | undefined
): number {
  const text = environment[name] || usual
  const value = parse(text)
  if (value !== undefined) return value
  throw new MicrologError('invalid-input', `Expected ${name} to be such as ${usual}, found ${text}`)
}
