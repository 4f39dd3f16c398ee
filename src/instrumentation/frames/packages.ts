import { readFileSync, statSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { pathOf } from './source-maps.ts'

const mostFolders = 20_000
const mostBytes = 1024 * 1024
const longestPart = 214
const inNodeModules = /^.*[\\/]node_modules[\\/]((?:@[^\\/]+[\\/])?[^\\/]+)/

/** Says which package a file belongs to, e.g. 'fastify@5.12.8', by the nearest package.json with a name. '' where none is. */
export class Packages {
  readonly #byFolder = new Map<string, string>()

  of(url: string): string {
    if (url.startsWith('node:')) return `node@${process.versions.node}`
    const path = pathOf(url)
    return path === undefined ? '' : this.#ofFolder(dirname(path))
  }

  #ofFolder(folder: string): string {
    const known = this.#byFolder.get(folder)
    if (known !== undefined) return known
    const id = readPackage(join(folder, 'package.json')) ?? this.#above(folder)
    if (this.#byFolder.size >= mostFolders) this.#byFolder.clear()
    this.#byFolder.set(folder, id)
    return id
  }

  #above(folder: string): string {
    const parent = dirname(folder)
    if (parent === folder) return ''
    // What lies in node_modules is a package of its own, even if it can't be read: in an archive or a bundle, say.
    const isPackage = basename(parent) === 'node_modules' && !basename(folder).startsWith('@')
    const isScoped = basename(parent).startsWith('@') && basename(dirname(parent)) === 'node_modules'
    if (isPackage || isScoped) return inNodeModules.exec(folder)?.[1]?.replaceAll('\\', '/') ?? ''
    return this.#ofFolder(parent)
  }
}

/** Undefined without a name: such a file only says what kind of modules a folder holds. */
function readPackage(path: string): string | undefined {
  try {
    const stat = statSync(path)
    if (!stat.isFile() || stat.size > mostBytes) return undefined
    const { name, version } = JSON.parse(readFileSync(path, 'utf8')) as Record<string, unknown>
    if (typeof name !== 'string' || name === '' || name.length > longestPart) return undefined
    return typeof version === 'string' && version !== '' && version.length <= longestPart
      ? `${name}@${version}`
      : name
  } catch {
    // Not there, not ours to read, or not JSON: the next one up may be.
    return undefined
  }
}
