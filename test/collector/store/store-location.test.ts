import { homedir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { storeLocation } from '../../../src/collector/store/store-location.ts'

const folderOf = (asked: string | undefined, env: Record<string, string> = {}) =>
  storeLocation(asked, env).name

test('is what was asked for, else MICROLOG_STORE, else MICROLOG_S3_ROOT, else a folder at home', () => {
  const bucket = { MICROLOG_S3_ROOT: 's3://bucket/prefix' }
  expect(folderOf(undefined)).toBe(join(homedir(), '.microlog'))
  expect(folderOf(undefined, bucket)).toBe('s3://bucket/prefix')
  expect(folderOf(undefined, { ...bucket, MICROLOG_STORE: '/somewhere' })).toBe('/somewhere')
  expect(folderOf('/asked', { ...bucket, MICROLOG_STORE: '/somewhere' })).toBe('/asked')
  expect(folderOf('s3://asked', { MICROLOG_STORE: '/somewhere' })).toBe('s3://asked')
})

test('of a bucket names bucket, prefix, region and server, and a folder for its journals', () => {
  const env = { MICROLOG_S3_REGION: 'eu-1', MICROLOG_S3_ENDPOINT: 'https://s3.example.org' }
  expect(storeLocation('s3://my.bucket/some//prefix/', env)).toEqual({
    kind: 'bucket',
    name: 's3://my.bucket/some/prefix',
    bucket: 'my.bucket',
    prefix: 'some/prefix/',
    region: 'eu-1',
    endpoint: 'https://s3.example.org',
    folder: expect.stringMatching(/\.microlog.s3.my\.bucket-[0-9a-f]{12}$/)
  })
  expect(storeLocation('s3://my-bucket', {})).toMatchObject({ prefix: '', name: 's3://my-bucket' })
  expect(storeLocation('s3://my-bucket', env, { region: 'us-2' })).toMatchObject({ region: 'us-2' })
})

test('has one folder for journals for each prefix of a bucket on a server, however it is written', () => {
  const journals = (where: string, endpoint = 'https://s3.example.org') =>
    storeLocation(where, { MICROLOG_S3_ENDPOINT: endpoint }).folder
  expect(journals('s3://bucket/a/')).toBe(journals('S3://bucket//a', 'https://s3.example.org/'))
  const others = [
    journals('s3://bucket/a'),
    journals('s3://bucket/b'),
    journals('s3://bucket/a', 'http://other')
  ]
  expect(new Set(others).size).toBe(3)
})

test.each([
  's3://',
  's3:///prefix',
  's3://b/prefix',
  's3://bucket/../other',
  's3://bucket/a\u0000b',
  's3://bucket/a?b=c',
  's3://user:password@bucket/a',
  `s3://bucket/${'long/'.repeat(200)}`
])('is refused where it is no bucket and prefix: %j', where => {
  expect(() => storeLocation(where, {})).toThrow(/Expected s3:\/\/bucket\/prefix/)
})

test.each(['gs://bucket', 'http://bucket/x'])('is refused where it is another kind of store: %s', where => {
  expect(() => storeLocation(where, {})).toThrow(/a folder or s3:\/\/bucket\/prefix/)
})

test('is refused where the environment means a bucket and names none', () => {
  expect(() => storeLocation(undefined, { MICROLOG_S3_ENDPOINT: 'http://x' })).toThrow(/MICROLOG_S3_ROOT/)
  expect(() => storeLocation(undefined, { MICROLOG_S3_ROOT: '/a/folder' })).toThrow(
    /MICROLOG_S3_ROOT to be s3:\/\/bucket\/prefix/
  )
})

test.each(['not a url', 'ftp://x', 'https://name:secret@x'])('takes no endpoint that is %s', endpoint => {
  const refused = () => storeLocation('s3://bucket', { MICROLOG_S3_ENDPOINT: endpoint })
  expect(refused).toThrow(/MICROLOG_S3_ENDPOINT/)
  expect(refused).not.toThrow(/secret/)
})
