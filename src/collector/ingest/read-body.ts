// A request's body from its stream, and what it inflates to, under limits that hold while the bytes still come.
import type { Readable } from 'node:stream'
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

/** A sender that is refused is heard out, so that it hears the answer; but no longer than this many times the limit. */
const hearOut = 4

/** All bytes of the stream, in order, until the share is released. What is refused is read to its end and dropped. */
export async function readStream(stream: Readable, limit: number, share: ByteShare): Promise<Uint8Array> {
  let chunks: Uint8Array[] = []
  let length = 0
  let refusal: unknown
  for await (const chunk of chunksOf(stream)) {
    length += chunk.length
    if (refusal === undefined) {
      refusal = length > limit ? tooLarge('a body', limit) : refusalOf(share, chunk.length)
      if (refusal === undefined) chunks.push(chunk)
      else {
        chunks = []
        share.release()
      }
    } else if (length > limit * hearOut) break
  }
  if (refusal !== undefined) throw refusal
  return joined(chunks, length, share)
}

/** Only until the share is released. */
function joined(chunks: Uint8Array[], length: number, share: ByteShare): Uint8Array {
  if (chunks.length === 1) return chunks[0]!
  const bytes = share.room(length)
  let at = 0
  for (const chunk of chunks) {
    bytes.set(chunk, at)
    at += chunk.length
  }
  return bytes
}

async function* chunksOf(stream: Readable): AsyncGenerator<Uint8Array, void, undefined> {
  try {
    yield* stream.iterator({ destroyOnReturn: false }) as AsyncIterable<Uint8Array>
  } catch (thrown) {
    throw new MicrologError('invalid-input', 'Expected the whole body: the sender broke off', {
      cause: thrown
    })
  }
}

function refusalOf(share: ByteShare, bytes: number): unknown {
  try {
    share.take(bytes)
    return undefined
  } catch (thrown) {
    return thrown
  }
}

export async function inflateBody(
  body: Uint8Array,
  coding: Coding,
  limit: number,
  share: ByteShare
): Promise<Uint8Array> {
  if (coding === 'identity') {
    if (body.length > limit) throw tooLarge('a body', limit)
    return body
  }
  const gunzip = createGunzip({ chunkSize: 65_536 })
  gunzip.end(body)
  const chunks: Uint8Array[] = []
  let length = 0
  try {
    for await (const chunk of gunzip as AsyncIterable<Uint8Array>) {
      length += chunk.length
      if (length > limit) throw tooLarge('an inflated body', limit)
      share.take(chunk.length)
      chunks.push(chunk)
    }
  } catch (thrown) {
    if (thrown instanceof MicrologError) throw thrown
    throw new MicrologError('invalid-input', 'Expected a body in gzip, as its content-encoding says', {
      cause: thrown
    })
  }
  return joined(chunks, length, share)
}

function tooLarge(what: string, limit: number): MicrologError {
  return new MicrologError(
    'too-large',
    `Expected ${what} of at most ${formatBytes(limit)}: send smaller batches`
  )
}
