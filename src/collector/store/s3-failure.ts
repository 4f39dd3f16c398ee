// What S3 servers and the SDK say when they fail, as errors that say what to do. All of them are `unavailable`: data is
// never called damaged, or gone, because a right is missing or a network is down.
import { MicrologError, messageOf } from '../../base/errors.ts'
import type { BucketLocation } from './store-location.ts'

interface Said {
  /** HTTP status; undefined where no answer came. */
  status: number | undefined
  /** The server's code for it, such as NoSuchKey, or the name of the SDK's error. */
  name: string
  /** How often it was sent; an earlier answer may have been lost. */
  attempts: number
}

/** What is wrong stays wrong until somebody changes it: said at the start. */
export class S3SettingsError extends MicrologError {}

const credentials =
  'set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE, or give the machine a role'
const rights = 's3:GetObject, s3:PutObject and s3:DeleteObject on its objects, s3:ListBucket on the bucket'

const settingsTold: [names: RegExp, advice: (place: string, location: BucketLocation) => string][] = [
  [/^CredentialsProviderError$/, place => `Expected credentials for ${place}, found none: ${credentials}`],
  [
    /^(?:InvalidAccessKeyId|SignatureDoesNotMatch|InvalidToken|ExpiredToken|TokenRefreshRequired|InvalidClientTokenId)$/,
    place => `The credentials aren't valid for ${place}: ${credentials}`
  ],
  [
    /^(?:AccessDenied|AllAccessDisabled|AccountProblem|Forbidden)$/,
    place => `${place} denies access: it takes ${rights}`
  ],
  [
    /^NoSuchBucket$/,
    (place, { bucket }) => `There is no bucket ${bucket} (${place}): make it, or name another in --store`
  ],
  [
    /^(?:PermanentRedirect|AuthorizationHeaderMalformed|IllegalLocationConstraintException)$/,
    place => `${place} is in another region: set MICROLOG_S3_REGION to its own`
  ],
  [/^RegionMissing$/, place => `Expected the region of ${place}, found none: set MICROLOG_S3_REGION`],
  [/^RequestTimeTooSkewed$/, place => `${place} has another time than this machine: set its clock`]
]

export function s3Said(thrown: unknown): Said {
  const error = (thrown ?? {}) as {
    name?: unknown
    Code?: unknown
    $metadata?: { httpStatusCode?: number; attempts?: number }
  }
  const name = [error.Code, error.name].find(text => typeof text === 'string' && text !== '')
  const isRegion = messageOf(thrown) === 'Region is missing'
  return {
    status: error.$metadata?.httpStatusCode,
    name: isRegion ? 'RegionMissing' : String(name ?? ''),
    attempts: error.$metadata?.attempts ?? 1
  }
}

/** @param deed what was being done, such as `put recordings/x` */
export function s3Failure(thrown: unknown, deed: string, location: BucketLocation): MicrologError {
  if (thrown instanceof MicrologError) return thrown
  const { status, name } = s3Said(thrown)
  const at = location.endpoint === undefined ? '' : ` at ${location.endpoint}`
  const place = `${location.name}${at}`
  const told = settingsTold.find(([names]) => names.test(name))
  // An answer's error drags its connection and headers along, and says no more than this does.
  const options = status === undefined ? { cause: thrown } : {}
  if (told) return new S3SettingsError('unavailable', told[1](place, location), options)
  if (status === 403 || status === 401)
    return new S3SettingsError('unavailable', `${place} denies access: it takes ${rights}`, options)
  const why = status === undefined ? reasonOf(thrown) : `it answered ${status} ${name}: ${messageOf(thrown)}`
  const where = status === undefined && at !== '' ? ': see MICROLOG_S3_ENDPOINT' : ''
  return new MicrologError('unavailable', `Can't ${deed} in ${place} now (${why})${where}`, options)
}

function reasonOf(thrown: unknown): string {
  const { code, name } = (thrown ?? {}) as { code?: unknown; name?: unknown }
  if (name === 'AbortError' || name === 'TimeoutError') return 'no answer in time'
  // Of TLS they end in a line feed.
  const text = messageOf(thrown).trim()
  return typeof code === 'string' && !text.includes(code) ? `${code} ${text}` : text || String(name)
}
