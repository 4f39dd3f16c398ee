// Who imports an ES module can't be seen on a stack: its imports have all run before it. The files say it.
import { readFileSync, statSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { pathOf } from '../frames/source-maps.ts'

const imported = /(?:from|import)\s*\(?\s*['"]([^'"\n]{1,300})['"]/g
const packageName = /^(?:@[^/]+\/)?[^/]+/
const inNodeModules = /[\\/]node_modules[\\/](?!.*[\\/]node_modules[\\/])((?:@[^\\/]+[\\/])?[^\\/]+)/
const mostFiles = 300
const mostBytes = 1024 * 1024

/** The shortest way of imports from one file to another, both of them in it; only the latter where none is found. */
export function findImportChain(entry: string, url: string): string[] {
  const start = pathOf(entry)
  const target = pathOf(url)
  if (start === undefined || target === undefined) return [url]
  const targetPackage = packageOf(target)
  const importerOf = new Map<string, string>([[start, '']])
  // A map goes on with what is added while it is walked.
  for (const file of importerOf.keys()) {
    if (file === target) break
    for (const name of importsOf(file)) {
      if (importerOf.size >= mostFiles) break
      const found = /^\.{1,2}\//.test(name)
        ? resolve(dirname(file), name)
        : targetPackage !== undefined && packageName.exec(name)?.[0] === targetPackage
          ? target
          : undefined
      if (found !== undefined && !importerOf.has(found)) importerOf.set(found, file)
    }
  }
  if (!importerOf.has(target)) return [url]
  const chain: string[] = []
  for (let file = target; file !== ''; file = importerOf.get(file) ?? '') chain.unshift(file)
  return chain
}

function packageOf(path: string): string | undefined {
  return inNodeModules.exec(path)?.[1]?.replaceAll('\\', '/')
}

function importsOf(path: string): string[] {
  try {
    const stat = statSync(path)
    if (!stat.isFile() || stat.size > mostBytes) return []
    return [...readFileSync(path, 'utf8').matchAll(imported)].map(([, name = '']) => name)
  } catch {
    // Not there under this very name: then the way doesn't lead through it.
    return []
  }
}
