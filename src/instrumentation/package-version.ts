import { readFileSync } from 'node:fs'

/** Of this package; it stands two folders above, in the source as in what is built. */
export const packageVersion = readVersion()

function readVersion(): string {
  try {
    const manifest: unknown = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'))
    return String((manifest as { version?: unknown }).version ?? '0')
  } catch {
    // A bundle without the manifest beside it.
    return '0'
  }
}
