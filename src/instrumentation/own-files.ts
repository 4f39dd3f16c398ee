// Where the files of this package are. What is built of the recorder stands in few files, and all of them in the folder that
// this module is in; see scripts/bundle-instrumentation.mjs.
import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

interface Manifest {
  name?: unknown
  version?: unknown
}

/** Undefined in a program bundled into one file: then none of our files is there, or they are others. */
const own = findOwn()

/** Of this package; '0' in a bundle. */
export const packageVersion: string = own?.version ?? '0'

/** The path of a file that stands beside this one; undefined where it isn't there. */
export function ownFile(name: string): string | undefined {
  if (own === undefined) return undefined
  const path = own.path + name
  return existsSync(path) ? path : undefined
}

/** What records the threads and the children that it is preloaded into; undefined where it isn't there. */
export const preloadPath = ownFile('preload.cjs')

/** Whether a file is this package's. @param file a path, or a URL, as V8 has them */
export function isOwnFile(file: string): boolean {
  return own !== undefined && (file.startsWith(own.url) || file.startsWith(own.path))
}

/** In a bundle, where all files are one, nothing tells our code from others'. */
export const isBundled = own === undefined

function findOwn(): { url: string; path: string; version: string } | undefined {
  try {
    const manifest = JSON.parse(
      readFileSync(new URL('../../package.json', import.meta.url), 'utf8')
    ) as Manifest | null
    if (manifest?.name !== 'microlog') return undefined
    const url = new URL('.', import.meta.url)
    return { url: url.href, path: fileURLToPath(url), version: String(manifest.version) }
  } catch {
    // No such file, or, in a bundle of CommonJS, no such URL.
    return undefined
  }
}
