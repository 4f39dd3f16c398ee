// Buckets for tests: on the small server of test/helpers, and on a real one where the environment names it.
import { randomBytes } from 'node:crypto'
import { onTestFinished } from 'vitest'
import { createS3Client, loadS3Sdk } from '../../src/collector/store/s3-client.ts'
import { createS3Store } from '../../src/collector/store/s3-store.ts'
import type { S3Store } from '../../src/collector/store/s3-store.ts'
import { storeLocation } from '../../src/collector/store/store-location.ts'
import type { BucketLocation } from '../../src/collector/store/store-location.ts'
import { startS3Server, testAccessKey } from '../helpers/s3-server.ts'
import type { S3Server, S3ServerOptions } from '../helpers/s3-server.ts'

/** Where a bucket is and how to get in, as a user's environment says it. */
export interface TestBucket {
  where: string
  env: Record<string, string>
}

/** MICROLOG_TEST_S3_ENDPOINT, with MICROLOG_TEST_S3_ROOT (s3://bucket/prefix) and AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY. */
export const realS3: TestBucket | undefined = readRealS3(process.env)

function readRealS3(env: NodeJS.ProcessEnv): TestBucket | undefined {
  const { MICROLOG_TEST_S3_ENDPOINT: endpoint, MICROLOG_TEST_S3_ROOT: root } = env
  if (endpoint && root) return { where: root.replace(/\/+$/, ''), env: { MICROLOG_S3_ENDPOINT: endpoint } }
  console.warn(
    'Left out: the tests against a real S3 server. They need MICROLOG_TEST_S3_ENDPOINT=http://…, MICROLOG_TEST_S3_ROOT=s3://bucket/prefix, AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY'
  )
  return undefined
}

/** A prefix of its own for a test. */
export function realBucket(): TestBucket {
  return { ...realS3!, where: `${realS3!.where}/${randomBytes(6).toString('hex')}` }
}

export async function smallBucket(
  options: Partial<S3ServerOptions> = {}
): Promise<TestBucket & { server: S3Server }> {
  const server = await startS3Server({ bucket: 'small-bucket', ...options })
  onTestFinished(() => server.close())
  const env = {
    MICROLOG_S3_ENDPOINT: server.endpoint,
    AWS_ACCESS_KEY_ID: testAccessKey,
    AWS_SECRET_ACCESS_KEY: 'testsecret'
  }
  return { where: 's3://small-bucket/some/prefix', env, server }
}

/** Sets the environment for the test's time: the SDK reads its credentials there. */
export function useEnvironment(env: Record<string, string>): void {
  for (const [name, value] of Object.entries(env)) {
    const before = process.env[name]
    process.env[name] = value
    onTestFinished(() => {
      if (before === undefined) delete process.env[name]
      else process.env[name] = before
    })
  }
}

export async function openBucketStore({ where, env }: TestBucket): Promise<S3Store> {
  useEnvironment(env)
  const location = storeLocation(where, process.env) as BucketLocation
  const sdk = await loadS3Sdk()
  const client = createS3Client(sdk, location)
  onTestFinished(() => client.destroy())
  return createS3Store(sdk, client, location)
}
