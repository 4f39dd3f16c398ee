// The source map that a compiled file names in its last lines: inline, or a file beside it. Nothing is ever fetched.
import { closeSync, constants, existsSync, fstatSync, openSync, readSync } from 'node:fs'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { AnyMap, type TraceMap } from '@jridgewell/trace-mapping'

/** What of a file's end is read to find its map's name. */
const tailBytes = 2048
/** Beyond these a map takes more memory or time than the names it gives are worth: 300 ms and 90 MB at the limit. */
const mostFileBytes = 48 * 1024 * 1024
export const mostMappings = 8 * 1024 * 1024

const inPackage = /[\\/]node_modules[\\/]/

export interface ReadMap {
  map: TraceMap
  /** Characters of its mappings: what it takes grows with them. */
  size: number
}

/** Where nothing can be had: there is none, it is broken or too large, or there is no time for so many bytes now. */
export type NoMap = 'none' | 'unusable' | 'later'

/** @param hasTimeFor whether so many bytes may be read and parsed now */
export function readSourceMap(path: string, hasTimeFor: (bytes: number) => boolean): ReadMap | NoMap {
  let comment: string | undefined
  try {
    comment = findComment(path, hasTimeFor)
  } catch {
    // Deleted since, inside an archive, or no file at all.
    return 'none'
  }
  if (comment === undefined) return 'none'
  if (comment === tooLate) return 'later'
  const base = pathToFileURL(path).href
  try {
    if (comment.startsWith('data:')) return openMap(decodeDataUrl(comment), base)
    const url = new URL(comment, base)
    if (url.protocol !== 'file:' || url.host !== '') return 'none'
    const text = readFile(fileURLToPath(url), hasTimeFor)
    if (text === '') return 'none'
    return text === undefined ? 'later' : openMap(text, url.href)
  } catch (error) {
    // Packages often name maps that they don't ship.
    return isAbsent(error) ? 'none' : 'unusable'
  }
}

/** A map as JSON or as an object. Throws where it isn't one. */
export function openMap(source: string | object, url: string): ReadMap | NoMap {
  const json: unknown =
    typeof source === 'string' ? JSON.parse(source.replace(/^\)\]\}'[^\n]*\n/, '')) : source
  if (typeof json !== 'object' || json === null) return 'unusable'
  // The original text may be most of it, and isn't needed.
  const slim = { ...json, sourcesContent: undefined } as Mappings
  const size = mappingsOf(slim)
  if (size === undefined || size > mostMappings) return 'unusable'
  const map = new AnyMap(slim as never, url)
  const first = map.resolvedSources.find(Boolean)
  // A package's own code is what is installed, unless its sources are, too.
  if (first?.startsWith('file:') && inPackage.test(url) && !existsSync(fileURLToPath(first))) return 'none'
  return { map, size }
}

interface Mappings {
  mappings?: unknown
  sections?: unknown
}

/** Undefined where there are none. A map may have its mappings in sections, each a map of its own. */
function mappingsOf({ mappings, sections }: Mappings): number | undefined {
  if (typeof mappings === 'string') return mappings.length
  if (!Array.isArray(sections)) return undefined
  return (sections as { map?: Mappings }[]).reduce((sum, { map }) => sum + (mappingsOf(map ?? {}) ?? 0), 0)
}

const tooLate = ''
const lastComment = /(?:^|\n)[ \t]*\/\/[#@][ \t]*sourceMappingURL=[ \t]*(\S+)[ \t]*(?:\r?\n\s*)?$/
const anyComment = /(?:^|\n)[ \t]*\/\/[#@][ \t]*sourceMappingURL=[ \t]*(\S+)[ \t]*(?=\r?\n|$)/g

/** What stands behind `sourceMappingURL=`; the last one counts. */
function findComment(path: string, hasTimeFor: (bytes: number) => boolean): string | undefined {
  const { text: tail, size } = readEnd(path, tailBytes)
  const inTail = lastComment.exec(tail) ?? [...tail.matchAll(anyComment)].at(-1)
  if (inTail) return inTail[1]
  // An inline map is one line that begins far before the end.
  if (size <= tailBytes || !/^[\w+/=%-]+\s*$/.test(tail)) return undefined
  if (size > mostFileBytes) return undefined
  if (!hasTimeFor(size)) return tooLate
  const { text } = readEnd(path, size)
  const at = text.lastIndexOf('sourceMappingURL=data:')
  return at < 0 ? undefined : text.slice(at + 'sourceMappingURL='.length).trim()
}

function readFile(path: string, hasTimeFor: (bytes: number) => boolean): string | undefined {
  const { size } = readEnd(path, 0)
  if (size > mostFileBytes) throw new RangeError('too large')
  return hasTimeFor(size) ? readEnd(path, size).text : undefined
}

/** Only of plain files: a pipe or device would never end. */
function readEnd(path: string, bytes: number): { text: string; size: number } {
  // Or opening a pipe would wait for somebody to write into it.
  const file = openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0))
  try {
    const stat = fstatSync(file)
    if (!stat.isFile()) return { text: '', size: 0 }
    const buffer = Buffer.alloc(Math.min(bytes, stat.size))
    const read = readSync(file, buffer, 0, buffer.length, stat.size - buffer.length)
    return { text: buffer.toString('utf8', 0, read), size: stat.size }
  } finally {
    closeSync(file)
  }
}

function decodeDataUrl(url: string): string {
  const comma = url.indexOf(',')
  const body = url.slice(comma + 1)
  return /;base64$/i.test(url.slice(0, comma))
    ? Buffer.from(body, 'base64').toString()
    : decodeURIComponent(body)
}

function isAbsent(error: unknown): boolean {
  return ['ENOENT', 'ENOTDIR', 'EACCES', 'EISDIR'].includes((error as NodeJS.ErrnoException).code ?? '')
}
