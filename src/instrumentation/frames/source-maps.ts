import { fileURLToPath } from 'node:url'
import { originalPositionFor, type TraceMap } from '@jridgewell/trace-mapping'
import { openMap, readSourceMap, type NoMap, type ReadMap } from './read-source-map.ts'

/** A place in the program as V8 names it. Line and column are 1-based, 0 unknown. */
export interface Place {
  functionName: string
  url: string
  line: number
  column: number
}

/** Files looked at; most have no map. */
const mostFiles = 20_000
/** Characters of mappings kept, about 10 bytes of memory each. */
const mostKept = 12 * 1024 * 1024
/** A cautious guess of what is read and parsed in a millisecond, on a machine that is busy: a free one takes 40 MB in a second. */
const bytesPerMs = 5_000

/**
 * Leads places in compiled code back to the source they were written in. Belongs to the sender's worker: reading and
 * parsing never happen in the program's threads. What is kept is bounded; the map used longest ago goes first.
 */
export class SourceMaps {
  readonly #maps = new Map<string, ReadMap | Exclude<NoMap, 'later'>>()
  /** Of code that was compiled in memory: they can't be read again. */
  readonly #given = new Map<string, ReadMap>()
  #size = 0
  #givenSize = 0
  #unusable = 0
  #untilMs = Infinity

  /** Takes the map of code that was compiled in memory, as the thread that runs it knows it. */
  give(url: string, map: object): void {
    // Each thread that runs the file gives its map.
    if (this.#given.has(url)) return
    try {
      const opened = openMap(map, url)
      if (typeof opened === 'string') this.#unusable++
      else if (this.#givenSize + opened.size <= mostKept) {
        this.#givenSize += opened.size
        this.#given.set(url, opened)
      }
    } catch {
      this.#unusable++
    }
  }

  /** From now on only maps are read that this leaves time for. */
  hurry(limitMs: number): void {
    this.#untilMs = performance.now() + limitMs
  }

  /** Maps that were broken or too large, since the last time this was asked. */
  takeUnusable(): number {
    const count = this.#unusable
    this.#unusable = 0
    return count
  }

  /** The place in the source; undefined where there is no map, or the map doesn't know. */
  original(place: Place): Place | undefined {
    const given = this.#given.get(place.url)
    const found = given ?? this.#read(place.url)
    return found && originalOf(found.map, place)
  }

  /** As `original`, for what `Error.stack` says: Node has led places in code compiled in memory back already. */
  originalOfPrinted(place: Place): Place | undefined {
    return this.#given.has(place.url) ? undefined : this.original(place)
  }

  #read(url: string): ReadMap | undefined {
    const known = this.#maps.get(url)
    if (known !== undefined) {
      // Used last, so last in order.
      this.#maps.delete(url)
      this.#maps.set(url, known)
      return typeof known === 'string' ? undefined : known
    }
    const path = pathOf(url)
    if (path === undefined) return undefined
    const map = readSourceMap(path, bytes => performance.now() + bytes / bytesPerMs < this.#untilMs)
    if (map === 'later') return undefined
    if (map === 'unusable') this.#unusable++
    this.#keep(url, map)
    return typeof map === 'string' ? undefined : map
  }

  #keep(url: string, map: ReadMap | Exclude<NoMap, 'later'>): void {
    this.#maps.set(url, map)
    if (typeof map !== 'string') this.#size += map.size
    for (const [oldest, gone] of this.#maps) {
      if ((this.#size <= mostKept && this.#maps.size <= mostFiles) || oldest === url) break
      this.#maps.delete(oldest)
      if (typeof gone !== 'string') this.#size -= gone.size
    }
  }
}

function originalOf(map: TraceMap, { functionName, url, line, column }: Place): Place | undefined {
  // The code of a file outside of all functions begins where the file does: so it did in the one source there was.
  if (line <= 1 && column <= 1 && functionName === '') {
    const only = map.resolvedSources.length === 1 ? map.resolvedSources[0] : undefined
    return only ? { functionName, url: likeUrl(only, url), line: 1, column: 1 } : undefined
  }
  if (line < 1) return undefined
  const at = originalPositionFor(map, { line, column: Math.max(0, column - 1) })
  if (at.source === null || at.line === null) return undefined
  return {
    functionName: at.name !== null && isShortened(functionName, at.name) ? at.name : functionName,
    url: likeUrl(at.source, url),
    line: at.line,
    column: at.column + 1
  }
}

/** A minifier's name gives way to the one it stands for; any other is V8's, which knows of classes, too. */
function isShortened(name: string, original: string): boolean {
  return name.length > 0 && name.length <= 3 && original.length > name.length
}

/** Files by path stay files by path. */
function likeUrl(source: string, compiled: string): string {
  if (compiled.startsWith('file:') || !source.startsWith('file:')) return source
  return fileURLToPath(source)
}

/** Undefined for Node's own modules and whatever isn't a file of this machine. */
export function pathOf(url: string): string | undefined {
  if (url.startsWith('/') || /^[A-Za-z]:[\\/]/.test(url)) return url
  if (!url.startsWith('file:///')) return undefined
  try {
    return fileURLToPath(url.replace(/[?#].*$/, ''))
  } catch {
    return undefined
  }
}
