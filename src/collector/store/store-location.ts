import { homedir } from 'node:os'
import { join, resolve } from 'node:path'
import { MicrologError } from '../../base/errors.ts'

/** Where the store is: what was asked for, else MICROLOG_STORE, else ~/.microlog; an absolute path. */
export function storeLocation(asked: string | undefined, environment: NodeJS.ProcessEnv): string {
  const where = asked || environment['MICROLOG_STORE'] || join(homedir(), '.microlog')
  if (/^[a-z][a-z0-9+.-]+:\/\//i.test(where)) {
    throw new MicrologError(
      'unsupported',
      `Expected the store to be a folder, found ${where}: this version keeps recordings in folders only`
    )
  }
  return resolve(where)
}
