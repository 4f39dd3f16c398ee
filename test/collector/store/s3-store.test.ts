// What only a bucket can do wrong: servers that overwrite, answers that get lost, settings that are wrong.
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { loadS3Sdk } from '../../../src/collector/store/s3-client.ts'
import { keepRanges } from '../../../src/collector/store/kept-ranges.ts'
import type { S3Fault } from '../../helpers/s3-server.ts'
import { openBucketStore, smallBucket } from '../bucket.ts'

const bytes = (text: string): Uint8Array => Buffer.from(text)
const textOf = (read: Uint8Array): string => Buffer.from(read).toString()

/** Faults one after the other for requests of a method; then none. */
function once(method: string, ...faults: S3Fault[]): (asked: string, key: string) => S3Fault | undefined {
  return (asked, key) => (asked === method && !key.endsWith('/probe') ? faults.shift() : undefined)
}

test('a server that overwrites is refused before anything is put, and nothing of ours stays there', async () => {
  const bucket = await smallBucket({ overwrites: true })
  const store = await openBucketStore(bucket)
  await expect(store.probe()).rejects.toMatchObject({
    code: 'unsupported',
    message: expect.stringContaining('If-None-Match')
  })
  await expect(store.putIfAbsent('r/a', bytes('1'))).rejects.toMatchObject({ code: 'unsupported' })
  expect([...bucket.server.objects.keys()]).toEqual([])
})

test('who finds that a server was tried before asks no second put of it, and who only reads none', async () => {
  const bucket = await smallBucket()
  await (await openBucketStore(bucket)).putIfAbsent('r/a', bytes('1'))
  bucket.server.requests.length = 0
  const reader = await openBucketStore(bucket)
  await reader.list('r/')
  await reader.getRange('r/a', 0, 1)
  await (await openBucketStore(bucket)).probe()
  expect(bucket.server.requests.map(request => request.split(' ')[0])).toEqual(['LIST', 'GET', 'PUT', 'GET'])
})

test('an object whose answer got lost is known for ours when it is put again', async () => {
  const bucket = await smallBucket({ fault: once('PUT', 'answer lost') })
  const store = await openBucketStore(bucket)
  expect(await store.putIfAbsent('r/a', bytes('mine'))).toBe(true)
  expect(bucket.server.requests.filter(request => request.endsWith('r/a')).length).toBeGreaterThan(2)
})

test('another’s object is not taken for ours after an answer got lost', async () => {
  const bucket = await smallBucket({ fault: once('PUT', { status: 500, code: 'InternalError' }) })
  const store = await openBucketStore(bucket)
  bucket.server.objects.set('some/prefix/r/a', { bytes: Buffer.from('theirs'), writtenMs: Date.now() })
  expect(await store.putIfAbsent('r/a', bytes('mine'))).toBe(false)
  expect(textOf(await store.getRange('r/a', 0, 9))).toBe('theirs')
})

test('a put that meets another under way is tried again', async () => {
  const conflict: S3Fault = { status: 409, code: 'ConditionalRequestConflict' }
  const store = await openBucketStore(await smallBucket({ fault: once('PUT', conflict, conflict) }))
  expect(await store.putIfAbsent('r/a', bytes('1'))).toBe(true)
})

test('a body that breaks off is read again', async () => {
  const store = await openBucketStore(await smallBucket({ fault: once('GET', 'cut body') }))
  await store.putIfAbsent('r/a', bytes('0123456789'))
  expect(textOf(await store.getRange('r/a', 2, 8))).toBe('234567')
})

test('a server that fails for a moment is asked again, one that goes on failing is unavailable, and asked later again', async () => {
  const faults: S3Fault[] = [{ status: 503, code: 'SlowDown' }]
  const bucket = await smallBucket({ fault: method => (method === 'LIST' ? faults.shift() : undefined) })
  const store = await openBucketStore(bucket)
  expect(await store.list('r/')).toEqual([])
  for (let i = 0; i < 3; i++) faults.push({ status: 503, code: 'SlowDown' })
  await expect(store.list('r/')).rejects.toMatchObject({
    code: 'unavailable',
    message: expect.stringMatching(/503/)
  })
  expect(await store.list('r/')).toEqual([])
})

test.each([
  ['AccessDenied', 403, /s3:PutObject/],
  ['SignatureDoesNotMatch', 403, /AWS_SECRET_ACCESS_KEY/],
  ['ExpiredToken', 400, /credentials/],
  ['PermanentRedirect', 301, /MICROLOG_S3_REGION/],
  ['RequestTimeTooSkewed', 403, /clock/]
])(
  '%s says what to do: at the start as wrong settings, later as unavailable',
  async (code, status, advice) => {
    const store = await openBucketStore(await smallBucket({ fault: () => ({ status, code }) }))
    await expect(store.probe()).rejects.toMatchObject({
      code: 'invalid-input',
      message: expect.stringMatching(advice)
    })
    for (const fail of [() => store.list('r/'), () => store.getRange('r/a', 0, 1), () => store.delete('r/a')])
      await expect(fail()).rejects.toMatchObject({
        code: 'unavailable',
        message: expect.stringMatching(advice)
      })
  }
)

test('a bucket that isn’t there is told at the start, and is no recording that went away', async () => {
  const bucket = await smallBucket()
  const store = await openBucketStore({ ...bucket, where: 's3://another-bucket' })
  await expect(store.probe()).rejects.toMatchObject({
    code: 'invalid-input',
    message: expect.stringMatching(/There is no bucket another-bucket/)
  })
  await expect(store.getRange('r/a', 0, 1)).rejects.toMatchObject({ code: 'unavailable' })
})

test('keys that the server doesn’t know are named as such', async () => {
  const bucket = await smallBucket()
  const store = await openBucketStore({ ...bucket, env: { ...bucket.env, AWS_ACCESS_KEY_ID: 'wrong' } })
  await expect(store.list('r/')).rejects.toThrow(/credentials aren't valid.*AWS_ACCESS_KEY_ID/)
})

test('a server that isn’t there is unavailable, and its address is named', async () => {
  const probe = createServer().listen(0, '127.0.0.1')
  await new Promise(resolve => probe.once('listening', resolve))
  const endpoint = `http://127.0.0.1:${(probe.address() as AddressInfo).port}`
  await new Promise(resolve => probe.close(resolve))
  const bucket = await smallBucket()
  const store = await openBucketStore({ ...bucket, env: { ...bucket.env, MICROLOG_S3_ENDPOINT: endpoint } })
  await expect(store.probe()).rejects.toMatchObject({
    code: 'unavailable',
    message: expect.stringMatching(/ECONNREFUSED.*MICROLOG_S3_ENDPOINT/)
  })
})

test('a list that doesn’t say how it goes on is an error, not an endless loop', async () => {
  const page =
    '<ListBucketResult><IsTruncated>true</IsTruncated><NextContinuationToken>x</NextContinuationToken>'
  const { createServer: createHttpServer } = await import('node:http')
  const server = createHttpServer((_, response) => response.end(`${page}</ListBucketResult>`))
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const bucket = await smallBucket()
  const store = await openBucketStore({ ...bucket, env: { ...bucket.env, MICROLOG_S3_ENDPOINT: endpoint } })
  await expect(store.list('r/')).rejects.toMatchObject({ code: 'unavailable' })
})

test('the SDK that is missing is named with the command that installs it', async () => {
  const missing = Object.assign(new Error('Cannot find package'), { code: 'ERR_MODULE_NOT_FOUND' })
  const elsewhere = process.cwd()
  process.chdir('/')
  onTestFinished(() => process.chdir(elsewhere))
  await expect(loadS3Sdk(() => Promise.reject(missing))).rejects.toMatchObject({
    code: 'unsupported',
    message: expect.stringContaining('npm install @aws-sdk/client-s3')
  })
})

test('what was read is not asked for again, also in other parts, until memory is full or it is deleted', async () => {
  const bucket = await smallBucket()
  const store = keepRanges(await openBucketStore(bucket), 150_000)
  for (const key of ['r/a', 'r/b']) await store.putIfAbsent(key, Buffer.alloc(100_000, key))
  const gets = (): number => bucket.server.requests.filter(request => request.startsWith('GET')).length
  const before = gets()
  await Promise.all([store.getRange('r/a', 99_000, 100_000), store.getRange('r/a', 0, 5)])
  expect(textOf(await store.getRange('r/a', 3, 9))).toBe('r/ar/a')
  expect(gets() - before).toBe(1)
  await store.getRange('r/b', 0, 5)
  await store.getRange('r/b', 0, 5)
  expect(gets() - before).toBe(2)
  await store.getRange('r/a', 0, 5)
  expect(gets() - before).toBe(3)
  await store.delete('r/a')
  await expect(store.getRange('r/a', 0, 5)).rejects.toMatchObject({ code: 'not-found' })
})

test('a read that failed is not kept', async () => {
  const denied: S3Fault = { status: 403, code: 'AccessDenied' }
  const store = keepRanges(await openBucketStore(await smallBucket({ fault: once('GET', denied) })))
  await store.putIfAbsent('r/a', bytes('1'))
  await expect(store.getRange('r/a', 0, 1)).rejects.toMatchObject({ code: 'unavailable' })
  expect(textOf(await store.getRange('r/a', 0, 1))).toBe('1')
})
