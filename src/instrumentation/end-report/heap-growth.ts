import type { HeapNodes } from '../heap/heap-sampler.ts'

/** A function of the program, and what it allocated that is still in use. */
export interface AllocationSite {
  functionName: string
  url: string
  line: number
  bytes: number
}

/** Four samples: fewer are too rough an estimate to name somebody for. */
const leastBytes = 2 * 1024 * 1024
const mostSites = 10

/**
 * Where the heap grew since sampling began, largest first. What Node or V8 allocated counts for the function of the program that called them;
 * what nobody of the program did, and what `isOwn` is ours, is left out. Pure.
 */
export function largestGrowth(nodes: HeapNodes, isOwn: (url: string) => boolean): AllocationSite[] {
  return [...bytesBySite(nodes, isOwn).values()]
    .filter(({ bytes }) => bytes >= leastBytes)
    .sort((a, b) => b.bytes - a.bytes)
    .slice(0, mostSites)
}

function bytesBySite(nodes: HeapNodes, isOwn: (url: string) => boolean): Map<string, AllocationSite> {
  const sites = new Map<string, AllocationSite>()
  nodes.bytes.forEach((bytes, row) => {
    let at = row
    while (at >= 0 && !isCode(nodes.url[at]!)) at = nodes.parent[at]!
    if (bytes <= 0 || at < 0 || isOwn(nodes.url[at]!)) return
    const [functionName, url, line] = [nodes.functionName[at]!, nodes.url[at]!, nodes.line[at]!]
    const key = `${line} ${functionName} ${url}`
    const site = sites.get(key)
    if (site === undefined) sites.set(key, { functionName, url, line, bytes })
    else site.bytes += bytes
  })
  return sites
}

function isCode(url: string): boolean {
  return url !== '' && !url.startsWith('node:')
}
