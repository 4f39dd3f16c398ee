// Where a store is: a folder, or a bucket of S3-compatible object storage. What is in a bucket is named by it alone; the
// journals of the collectors that write to it stay in a folder of their machine.
import { createHash } from 'node:crypto'
import { homedir } from 'node:os'
import { join, resolve } from 'node:path'
import { MicrologError } from '../../base/errors.ts'

export interface FolderLocation {
  kind: 'folder'
  /** What people call it: its absolute path. */
  name: string
  /** Absolute path, also of its journals. */
  folder: string
}

export interface BucketLocation {
  kind: 'bucket'
  /** What people call it: s3://bucket/prefix. */
  name: string
  /** Absolute path of the folder for its journals on this machine. */
  folder: string
  bucket: string
  /** '', or words that end in '/'. */
  prefix: string
  region?: string
  /** URL of a server that isn't Amazon's. */
  endpoint?: string
}

export type StoreLocation = FolderLocation | BucketLocation

export interface S3Settings {
  region?: string
  endpoint?: string
}

const bucketUrl = /^s3:\/\/([^/]*)(?:\/(.*))?$/i
const bucketName = /^[A-Za-z0-9][A-Za-z0-9._-]{1,61}[A-Za-z0-9]$/
/** What every server takes as it is; neither '.' nor '..' alone, which some take for a path. */
const prefixWord = /^(?!\.{1,2}$)[\w.()!*'=-]{1,200}$/
const longestPrefix = 500

/** What was asked for, else MICROLOG_STORE, else MICROLOG_S3_ROOT, else ~/.microlog. */
export function storeLocation(
  asked: string | undefined,
  environment: NodeJS.ProcessEnv,
  { region, endpoint }: S3Settings = {}
): StoreLocation {
  const settings = {
    region: region || environment['MICROLOG_S3_REGION'],
    endpoint: endpoint || environment['MICROLOG_S3_ENDPOINT']
  }
  const chosen = asked || environment['MICROLOG_STORE'] || environment['MICROLOG_S3_ROOT']
  // Somebody expects the data there, and would miss it.
  if (!chosen && (settings.region || settings.endpoint)) {
    throw new MicrologError(
      'invalid-input',
      'Expected MICROLOG_S3_ROOT=s3://bucket/prefix beside MICROLOG_S3_REGION or MICROLOG_S3_ENDPOINT: they name no bucket'
    )
  }
  const where = chosen || join(homedir(), '.microlog')
  if (bucketUrl.test(where)) return bucketLocation(where, settings)
  const isFolder = !/^[a-z][a-z0-9+.-]+:\/\//i.test(where)
  const mustBeBucket = chosen !== undefined && chosen === environment['MICROLOG_S3_ROOT']
  if (!isFolder || mustBeBucket) {
    const expected = mustBeBucket ? 'MICROLOG_S3_ROOT to be' : 'the store to be a folder or'
    throw new MicrologError('unsupported', `Expected ${expected} s3://bucket/prefix, found ${where}`)
  }
  const folder = resolve(where)
  return { kind: 'folder', name: folder, folder }
}

function bucketLocation(where: string, { region, endpoint }: S3Settings): BucketLocation {
  const [, bucket = '', path = ''] = bucketUrl.exec(where)!
  const words = path.split('/').filter(Boolean)
  const prefix = words.map(word => `${word}/`).join('')
  if (!bucketName.test(bucket)) {
    throw new MicrologError(
      'invalid-input',
      `Expected s3://bucket/prefix, with 3 to 63 letters, digits and ._- as the bucket's name, found ${where}`
    )
  }
  if (!words.every(word => prefixWord.test(word)) || prefix.length > longestPrefix) {
    throw new MicrologError(
      'invalid-input',
      `Expected s3://bucket/prefix, with words of letters, digits and ._- between slashes, found ${where}`
    )
  }
  const name = `s3://${[bucket, ...words].join('/')}`
  return {
    kind: 'bucket',
    name,
    folder: journalsOf(bucket, prefix, endpoint),
    bucket,
    prefix,
    ...(region && { region }),
    ...(endpoint && { endpoint: checkEndpoint(endpoint) })
  }
}

/** The same prefix of the same bucket on the same server has the same one, however often its name is written. */
function journalsOf(bucket: string, prefix: string, endpoint = ''): string {
  const place = `${endpoint.replace(/\/+$/, '')} ${bucket} ${prefix}`
  const digest = createHash('sha256').update(place).digest('hex').slice(0, 12)
  return join(homedir(), '.microlog', 's3', `${bucket}-${digest}`)
}

function checkEndpoint(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url && ['http:', 'https:'].includes(url.protocol) && !url.username && !url.password) return text
  throw new MicrologError(
    'invalid-input',
    'Expected MICROLOG_S3_ENDPOINT to be a URL such as https://s3.example.org, without a name or password in it'
  )
}
