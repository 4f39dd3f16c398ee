import { homedir } from 'node:os'
import { join, resolve } from 'node:path'
import { MicrologError } from '../../base/errors.ts'

/** Where the store is: what was asked for, else MICROLOG_STORE, else ~/.microlog; an absolute path. */
export function storeLocation(asked: string | undefined, environment: NodeJS.ProcessEnv): string {
  const chosen = asked || environment['MICROLOG_STORE']
  const objects = ['MICROLOG_S3_ROOT', 'MICROLOG_S3_REGION', 'MICROLOG_S3_ENDPOINT'].find(
    name => environment[name]
  )
  // Somebody expects the data there, and would miss it.
  if (!chosen && objects) throw foldersOnly(`${objects}=${environment[objects]}`)
  const where = chosen || join(homedir(), '.microlog')
  if (/^[a-z][a-z0-9+.-]+:\/\//i.test(where)) throw foldersOnly(where)
  return resolve(where)
}

function foldersOnly(found: string): MicrologError {
  return new MicrologError(
    'unsupported',
    `Expected the store to be a folder, found ${found}: this version keeps recordings in folders only`
  )
}
