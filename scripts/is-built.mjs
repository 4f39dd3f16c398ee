// Whether dist is there and newer than what it is made of.
import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'

/** One file each of the two parts of the build: the package, and the UI. */
const built = ['dist/cli/main.js', 'dist/ui/index.html']
const builtFrom = ['src', 'scripts', 'package-lock.json', 'tsconfig.json', 'tsconfig.build.json']

/** @param {string} root */
export function isBuilt(root) {
  const builtAt = Math.min(...built.map(path => modifiedAt(join(root, path))))
  return builtAt >= Math.max(...builtFrom.map(path => newestBelow(join(root, path))))
}

/**
 * Time of the last change, in ms; 0 where there is no such file.
 * @param {string} path
 */
function modifiedAt(path) {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0
}

/**
 * Of a folder, also when a file in it was removed or renamed last.
 * @param {string} path
 * @returns {number}
 */
function newestBelow(path) {
  const stats = statSync(path, { throwIfNoEntry: false })
  if (!stats?.isDirectory()) return stats?.mtimeMs ?? 0
  return Math.max(stats.mtimeMs, ...readdirSync(path).map(name => newestBelow(join(path, name))))
}
