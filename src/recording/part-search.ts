// The regular expression that finds the functions of a part of the code, as the search fields of all views take it.
import type { CodePart, CodeParts } from './code-parts.ts'
import { filelessKey } from './code-parts.ts'

/** A function is searched in `name url`; see `frameTexts`. '' where no expression tells the part from others. */
export function searchOfPart({ parts }: CodeParts, row: number): string {
  const { key, kind, name, owner, url } = parts[row]!
  if (kind === 'function') return searchOfFunction(name, url)
  if (kind === 'class') return `\\b${escaped(name)}\\..*${tailOf(url)}$`
  if (kind === 'file') return `${tailOf(url)}$`
  if (kind === 'folder') return `${escaped(url)}[^/]*$`
  if (owner !== '') return owner === 'node' ? ' node:' : `node_modules/${escaped(owner)}/`
  if (key === filelessKey) return '^(?!\\().* $'
  const root = commonFolder(parts.filter(part => part.kind === 'folder' && part.parent === row))
  return root === '' ? '' : ` ${escaped(root)}`
}

/** @param name as `frameName` tells it */
export function searchOfFunction(name: string, url: string): string {
  const recorded = name === '(anonymous)' ? '(?:\\(anonymous\\))?' : escaped(name)
  return url === '' ? `^${recorded} $` : `^${recorded} .*${tailOf(url)}$`
}

function commonFolder(folders: readonly CodePart[]): string {
  let common = folders[0]?.url ?? ''
  for (const { url } of folders) {
    while (!url.startsWith(common)) common = common.slice(0, common.lastIndexOf('/', common.length - 2) + 1)
  }
  return common
}

/** As much of an address as a reader needs: the folder and the file. */
function tailOf(url: string): string {
  const parts = url.split('/')
  return parts.length > 2 ? `/${escaped(parts.slice(-2).join('/'))}` : escaped(url)
}

/** A text as a regular expression that finds it. */
export function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
}
