import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/** The file that records what it is preloaded into; undefined where it isn't there, as in a program bundled into one file. */
export const preloadPath: string | undefined = findPreload()

function findPreload(): string | undefined {
  try {
    const path = fileURLToPath(new URL('./preload.cjs', import.meta.url))
    return existsSync(path) ? path : undefined
  } catch {
    // A CommonJS bundle has no such URL.
    return undefined
  }
}
