// A request's body from its stream, and what it inflates to, under limits that hold while the bytes still come.
import { createGunzip } from 'node:zlib'
import { MicrologError } from '../../base/errors.ts'
import { formatBytes } from '../../base/units.ts'
import type { ByteShare } from './byte-budget.ts'

export interface BodyLimits {
  /** As it comes. */
  receivedBytes: number
  inflatedBytes: number
}

export const defaultBodyLimits: BodyLimits = {
  receivedBytes: 8 * 1024 * 1024,
  inflatedBytes: 20 * 1024 * 1024
}

export type Coding = 'identity' | 'gzip'

/** The coding that a Content-Encoding header names. */
export function codingOf(header: string | undefined): Coding {
  const coding = (header ?? '').trim().toLowerCase()
  if (coding === '' || coding === 'identity') return 'identity'
  if (coding === 'gzip' || coding === 'x-gzip') return 'gzip'
  throw new MicrologError(
    'unsupported',
    `Expected content-encoding gzip or none, found ${JSON.stringify(coding.slice(0, 64))}`
  )
}

/** All bytes of the stream, in order. */
export async function readStream(
  stream: AsyncIterable<Uint8Array>,
  limit: number,
  share: ByteShare
): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  let length = 0
  for await (const chunk of stream) {
    length += chunk.length
    if (length > limit) throw tooLarge('body', limit)
    share.take(chunk.length)
    chunks.push(chunk)
  }
  return chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks, length)
}

export async function inflateBody(
  body: Uint8Array,
  coding: Coding,
  limit: number,
  share: ByteShare
): Promise<Uint8Array> {
  if (coding === 'identity') {
    if (body.length > limit) throw tooLarge('body', limit)
    return body
  }
  const gunzip = createGunzip({ chunkSize: 65_536 })
  gunzip.end(body)
  const chunks: Uint8Array[] = []
  let length = 0
  try {
    for await (const chunk of gunzip as AsyncIterable<Uint8Array>) {
      length += chunk.length
      if (length > limit) throw tooLarge('inflated body', limit)
      share.take(chunk.length)
      chunks.push(chunk)
    }
  } catch (thrown) {
    if (thrown instanceof MicrologError) throw thrown
    throw new MicrologError('invalid-input', 'Expected a body in gzip, as its content-encoding says', {
      cause: thrown
    })
  }
  return Buffer.concat(chunks, length)
}

function tooLarge(what: string, limit: number): MicrologError {
  return new MicrologError(
    'too-large',
    `Expected a ${what} of at most ${formatBytes(limit)}: send smaller batches`
  )
}
