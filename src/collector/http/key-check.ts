// Keys that requests carry as `authorization: Bearer KEY`. Only a digest is kept, and digests are compared in a time
// that doesn't tell how much of a wrong key was right.
import { createHash, timingSafeEqual } from 'node:crypto'
import { MicrologError } from '../../base/errors.ts'
import type { HttpProblem } from './error-status.ts'

/** What to answer where the key isn't the right one. */
export type KeyCheck = (headers: { authorization?: string | undefined }) => HttpProblem | undefined

const longestKey = 512

/** @param key undefined: everybody who comes as far as here may go on */
export function createKeyCheck(key: string | undefined): KeyCheck {
  if (key === undefined) return () => undefined
  if (!/^[\x21-\x7e]+$/.test(key) || key.length > longestKey) {
    throw new MicrologError(
      'invalid-input',
      `Expected a key of 1 to ${longestKey} visible ASCII characters: openssl rand -hex 32 makes one`
    )
  }
  const wanted = digest(key)
  return ({ authorization = '' }) => {
    const given = /^bearer +(\S+)$/i.exec(authorization.trim())?.[1]
    if (given !== undefined && timingSafeEqual(digest(given), wanted)) return undefined
    return {
      status: 401,
      code: 'unauthorized',
      message: 'Expected the right key in the header authorization: Bearer KEY'
    }
  }
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}
