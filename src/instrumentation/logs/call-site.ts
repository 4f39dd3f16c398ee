import type { CodeLocation } from '../record-sink.ts'

/** Tells a logger's own frames, which lie between the program's call and ours. */
export type IsLoggerFile = (path: string, site: NodeJS.CallSite) => boolean

type Below = (...args: never[]) => unknown

/** The files of a logger, and of what it calls itself through. */
const mostLoggerFrames = 16

const carrier: { stack?: unknown } = {}

/**
 * Where the program called from: the first frame under `below`, or the first that isn't in one of the logger's files.
 * The same place gives the same object. To be called close above `below`: V8 has to look at each of our frames, too.
 */
export function callSite(below: Below | undefined, isLoggerFile?: IsLoggerFile): CodeLocation | undefined {
  return isLoggerFile === undefined
    ? siteOf(below, 1, firstOf)
    : siteOf(below, mostLoggerFrames, sites => firstOutside(sites, isLoggerFile))
}

/** The same, of the frame that is picked from those under `below`. */
export function pickedSite(below: Below, pick: Pick): CodeLocation | undefined {
  return siteOf(below, mostLoggerFrames, pick)
}

type Pick = (sites: readonly NodeJS.CallSite[]) => NodeJS.CallSite | undefined

function firstOf(sites: readonly NodeJS.CallSite[]): NodeJS.CallSite | undefined {
  return sites[0]
}

function siteOf(below: Below | undefined, most: number, pick: Pick): CodeLocation | undefined {
  if (typeof below !== 'function') return undefined
  // Both settings are the program's: put back at once, and where it froze them there is no call site.
  const prepare = Error.prepareStackTrace
  const traceLimit = Error.stackTraceLimit
  try {
    Error.stackTraceLimit = most
    Error.prepareStackTrace = keepSites
    Error.captureStackTrace(carrier, below)
    const sites = carrier.stack
    const site = Array.isArray(sites) ? pick(sites as NodeJS.CallSite[]) : undefined
    return site && locationOf(site, site.getFileName() ?? '')
  } catch {
    return undefined
  } finally {
    if (Error.prepareStackTrace !== prepare) Error.prepareStackTrace = prepare
    if (Error.stackTraceLimit !== traceLimit) Error.stackTraceLimit = traceLimit
  }
}

/** The same, of the first frame of all where all lie in the logger's files. */
export function siteUnder(below: Below, isLoggerFile?: IsLoggerFile): CodeLocation | undefined {
  const outside = isLoggerFile && callSite(below, isLoggerFile)
  return outside ?? callSite(below)
}

function keepSites(_error: unknown, sites: NodeJS.CallSite[]): NodeJS.CallSite[] {
  return sites
}

/** The first frame that isn't the logger's, nor of a builtin between. */
export function firstOutside(
  sites: readonly NodeJS.CallSite[],
  isLoggerFile: IsLoggerFile
): NodeJS.CallSite | undefined {
  return sites.find(site => {
    const path = site.getFileName() ?? ''
    // A builtin such as Array.forEach has no file.
    const isBetween = path === '' || path.startsWith('node:')
    return !isBetween && !isLoggerFile(path, site)
  })
}

// Asking V8 for line and column costs as much as all the rest; a program logs from few places.
let known = new Map<string, Map<number, CodeLocation>>()
let knownCount = 0
const mostKnown = 10_000

function locationOf(site: NodeJS.CallSite, filePath: string): CodeLocation | undefined {
  if (filePath === '' || filePath.startsWith('node:')) return undefined
  let ofFile = known.get(filePath)
  if (ofFile === undefined) known.set(filePath, (ofFile = new Map()))
  const position = (site as { getPosition?(): number }).getPosition?.() ?? -1
  const found = ofFile.get(position)
  if (found !== undefined && position >= 0) return found
  const location: CodeLocation = {
    functionName: site.getFunctionName() ?? '',
    filePath,
    line: site.getLineNumber() ?? 0,
    column: site.getColumnNumber() ?? 0
  }
  ofFile.set(position, location)
  if (++knownCount > mostKnown) {
    known = new Map()
    knownCount = 0
  }
  return location
}
