// The error that a log call was given.
import { attributeText } from '../../recording/attributes.ts'
import type { Recording } from '../../recording/schema.ts'

export interface LogError {
  /** 'RangeError: too many'; '' where its stack says so. */
  readonly title: string
  /** '' where it has none. */
  readonly stack: string
}

/** @param set row of `sets` @returns undefined where there is none */
export function readLogError(recording: Recording, set: number): LogError | undefined {
  const [type, message, stack] = ['type', 'message', 'stacktrace'].map(
    name => attributeText(recording, set, `exception.${name}`) ?? ''
  ) as [string, string, string]
  if (!type && !message && !stack) return undefined
  const title = [type, message].filter(Boolean).join(': ')
  return { title: stack.startsWith(type) && stack.includes(message) ? '' : title, stack }
}
