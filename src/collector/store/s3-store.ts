// An object store in a bucket: each object is one of S3's, put with `If-None-Match: *`, so that of two writers one gets the
// name. A server that doesn't know that header would overwrite in silence: nothing is put before it was tried.
import { setTimeout as pause } from 'node:timers/promises'
import type { S3Client } from '@aws-sdk/client-s3'
import { MicrologError } from '../../base/errors.ts'
import { checkKey } from './object-store.ts'
import type { ObjectStore, StoredObject } from './object-store.ts'
import { readAtMost } from './read-at-most.ts'
import { S3SettingsError, s3Failure, s3Said } from './s3-failure.ts'
import type { S3Sdk } from './s3-client.ts'
import type { BucketLocation } from './store-location.ts'

export interface S3Store extends ObjectStore {
  /**
   * Tries what the store is built on, once. Throws `unsupported` where the server can't be used, `invalid-input` where the
   * settings are wrong, `unavailable` where it should be tried again.
   */
  probe(): Promise<void>
}

/** It stays: who starts next finds it, and needs no second request to know. */
const probeKey = 'probe'
const probeText = 'Microlog tries here whether an object can be overwritten.'

/** For a request with its repetitions, ms, and more for each byte that goes along. */
const patienceMs = 30_000
const slowestBytesPerMs = 256
/** Amazon answers 409 while another put of the same name is under way. */
const mostConflicts = 5
const conflictPauseMs = 100
/** A body that breaks off is asked for again; the SDK repeats only what comes before it. */
const mostReads = 3

export function createS3Store(sdk: S3Sdk, client: S3Client, location: BucketLocation): S3Store {
  const { bucket: Bucket, prefix: root } = location
  const patience = (bytes = 0) => ({
    abortSignal: AbortSignal.timeout(patienceMs + Math.ceil(bytes / slowestBytesPerMs))
  })
  const fail = (thrown: unknown, deed: string): MicrologError => s3Failure(thrown, deed, location)

  async function put(key: string, bytes: Uint8Array): Promise<boolean> {
    for (let attempt = 1; ; attempt++) {
      try {
        const named = { Bucket, Key: root + key, Body: bytes, IfNoneMatch: '*' }
        await client.send(new sdk.PutObjectCommand(named), patience(bytes.length))
        return true
      } catch (thrown) {
        const { status, attempts } = s3Said(thrown)
        // The answer to an earlier one may have been lost: then what is there is ours.
        if (status === 412) return (attempt > 1 || attempts > 1) && (await holds(key, bytes))
        if (status !== 409 || attempt === mostConflicts) throw fail(thrown, `put ${key}`)
        await pause(conflictPauseMs * attempt * (0.5 + Math.random()))
      }
    }
  }

  async function holds(key: string, bytes: Uint8Array): Promise<boolean> {
    const there = await getRange(key, 0, bytes.length + 1)
    return Buffer.compare(there, bytes) === 0
  }

  async function getRange(key: string, from: number, to: number): Promise<Uint8Array> {
    checkKey(key)
    if (to <= from) return new Uint8Array()
    for (let attempt = 1; ; attempt++) {
      try {
        return await readRange(key, from, to)
      } catch (thrown) {
        const { status, name } = s3Said(thrown)
        if (name === 'NoSuchKey') throw notFound(key)
        if (status === 416) return new Uint8Array()
        const isBroken = status === undefined && name !== 'TimeoutError' && name !== 'AbortError'
        if (thrown instanceof MicrologError || !isBroken || attempt === mostReads)
          throw fail(thrown, `read ${key}`)
      }
    }
  }

  async function readRange(key: string, from: number, to: number): Promise<Uint8Array> {
    const named = { Bucket, Key: root + key, Range: `bytes=${from}-${to - 1}` }
    const options = patience(to - from)
    const { Body, ContentRange } = await client.send(new sdk.GetObjectCommand(named), options)
    if (from > 0 && ContentRange === undefined) {
      throw new MicrologError(
        'unavailable',
        `Expected ${location.name} to give a part of ${key}, found all of it`
      )
    }
    return Body
      ? readAtMost(Body as AsyncIterable<Uint8Array>, to - from, options.abortSignal)
      : new Uint8Array()
  }

  async function list(prefix: string): Promise<StoredObject[]> {
    const found: StoredObject[] = []
    let next: string | undefined
    do {
      const asked = { Bucket, Prefix: root + prefix, ...(next !== undefined && { ContinuationToken: next }) }
      const page = await client
        .send(new sdk.ListObjectsV2Command(asked), patience())
        .catch((thrown: unknown) => {
          throw fail(thrown, `list ${prefix}`)
        })
      for (const { Key = '', Size = 0, LastModified } of page.Contents ?? []) {
        // Consoles make empty objects for what they show as folders.
        if (!Key.startsWith(asked.Prefix) || Key.endsWith('/')) continue
        found.push({ key: Key.slice(root.length), bytes: Size, writtenMs: LastModified?.getTime() ?? 0 })
      }
      const following = page.IsTruncated ? page.NextContinuationToken : undefined
      if (page.IsTruncated && (!following || following === next)) {
        throw new MicrologError(
          'unavailable',
          `Expected ${location.name} to say how its list of ${prefix} goes on`
        )
      }
      next = following
    } while (next !== undefined)
    return found.sort((a, b) => (a.key < b.key ? -1 : 1))
  }

  async function remove(key: string): Promise<void> {
    checkKey(key)
    try {
      await client.send(new sdk.DeleteObjectCommand({ Bucket, Key: root + key }), patience())
    } catch (thrown) {
      if (s3Said(thrown).name !== 'NoSuchKey') throw fail(thrown, `delete ${key}`)
    }
  }

  async function tryOut(): Promise<void> {
    const text = Buffer.from(probeText)
    if ((await put(probeKey, text)) && (await put(probeKey, Buffer.from('overwritten')))) {
      await remove(probeKey)
      throw new MicrologError(
        'unsupported',
        `Expected ${location.name} to refuse an object whose name is taken (If-None-Match), found it overwritten: collectors would lose data there. It takes a server that knows this header, and a recent @aws-sdk/client-s3, which sends it`
      )
    }
    const part = await getRange(probeKey, 2, 5)
    if (Buffer.compare(part, text.subarray(2, 5)) === 0) return
    throw new MicrologError(
      'unsupported',
      `Expected ${location.name} to give a part of an object, found another`
    )
  }

  let probing: Promise<void> | undefined
  function probe(): Promise<void> {
    probing ??= tryOut().catch((thrown: unknown) => {
      probing = undefined
      if (thrown instanceof S3SettingsError)
        throw new MicrologError('invalid-input', thrown.message, { cause: thrown })
      throw thrown
    })
    return probing
  }

  return {
    async putIfAbsent(key, bytes) {
      checkKey(key)
      await probe()
      return put(key, bytes)
    },
    getRange,
    list,
    delete: remove,
    probe
  }

  function notFound(key: string): MicrologError {
    return new MicrologError('not-found', `Expected ${key} in the store; it isn't there (any more)`)
  }
}
