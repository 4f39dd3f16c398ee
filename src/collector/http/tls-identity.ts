import { X509Certificate, createPrivateKey } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { MicrologError, messageOf } from '../../base/errors.ts'
import type { TlsIdentity } from './fastify-app.ts'

/** Reads a certificate and its key from PEM files, and sees that they belong together: a server finds out too late. */
export async function readTlsIdentity(files: { cert: string; key: string }): Promise<TlsIdentity> {
  const [cert, key] = await Promise.all([
    readPem(files.cert, 'a certificate'),
    readPem(files.key, 'a private key')
  ])
  const parsed = parse(files.cert, 'a certificate', () => new X509Certificate(cert))
  const secret = parse(files.key, 'a private key', () => createPrivateKey(key))
  if (!parsed.checkPrivateKey(secret)) {
    throw new MicrologError(
      'invalid-input',
      `Expected the key of ${files.cert}, found another in ${files.key}`
    )
  }
  return { cert, key }
}

async function readPem(file: string, what: string): Promise<Buffer> {
  try {
    return await readFile(file)
  } catch (cause) {
    throw new MicrologError('not-found', `Can't read ${what} from ${file}: ${messageOf(cause)}`, { cause })
  }
}

function parse<T>(file: string, what: string, read: () => T): T {
  try {
    return read()
  } catch (cause) {
    throw new MicrologError('invalid-input', `Expected ${what} in PEM in ${file}: ${messageOf(cause)}`, {
      cause
    })
  }
}
