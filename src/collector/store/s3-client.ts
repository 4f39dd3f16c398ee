// The SDK is an optional peer: loaded when a store is in a bucket, from where this package is or the program was started.
import { createRequire } from 'node:module'
import { join } from 'node:path'
import type * as Sdk from '@aws-sdk/client-s3'
import type { S3Client } from '@aws-sdk/client-s3'
import { MicrologError, systemCode } from '../../base/errors.ts'
import type { BucketLocation } from './store-location.ts'

export type S3Sdk = typeof Sdk

const connectMs = 5000
/** A server that says nothing for so long has gone. */
const silentMs = 20_000

export async function loadS3Sdk(
  load: () => Promise<S3Sdk> = () => import('@aws-sdk/client-s3')
): Promise<S3Sdk> {
  try {
    return await load()
  } catch (thrown) {
    if (!isMissing(thrown)) throw thrown
  }
  try {
    return createRequire(join(process.cwd(), 'index.js'))('@aws-sdk/client-s3') as S3Sdk
  } catch (thrown) {
    if (!isMissing(thrown)) throw thrown
    throw new MicrologError(
      'unsupported',
      'A store in a bucket needs a package that is not installed: npm install @aws-sdk/client-s3'
    )
  }
}

export function createS3Client(sdk: S3Sdk, { region, endpoint }: BucketLocation): S3Client {
  const { env } = process
  // Servers that aren't Amazon's mostly have one region, under this name; the SDK wants one to sign.
  const signed = region ?? (endpoint && (env['AWS_REGION'] || env['AWS_DEFAULT_REGION'] || 'us-east-1'))
  return new sdk.S3Client({
    ...(signed && { region: signed }),
    ...(endpoint && { endpoint, forcePathStyle: true }),
    // Checksums of newer SDKs, which other servers refuse or leave in the data; blocks of segments have their own.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    maxAttempts: 3,
    requestHandler: { connectionTimeout: connectMs, socketTimeout: silentMs }
  })
}

function isMissing(thrown: unknown): boolean {
  return ['ERR_MODULE_NOT_FOUND', 'MODULE_NOT_FOUND'].includes(systemCode(thrown))
}
