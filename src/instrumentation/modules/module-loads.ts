import { ownUid } from '../own-entry.ts'
import type { LinkedProfile } from '../record-sink.ts'
import type { EntryStack } from '../statuses/with-stacks.ts'

/** A module whose top-level code ran for long, by the samples taken in it. */
export interface ModuleLoad {
  url: string
  threadId: number
  startUnixUs: number
  ms: number
  /** Without the modules that it loaded meanwhile. */
  ownMs: number
  /** Modules whose top-level code was waiting for it, outermost first, itself last. */
  chain: string[]
  /** Names the stack of its top-level code; empty until it has been running for long. */
  uid: string
}

type Running = ModuleLoad & { depth: number }

/** Shorter loads aren't told. */
const slowMs = 100
/** How far a sample stands for what came after it, in intervals. */
const longestGap = 3
/** Modules told once are remembered, so many of them. */
const mostTold = 10_000

/**
 * Finds slow loads of modules in the samples: a module's top-level code is on the stack while it and what it requires are
 * loaded. So nothing of the program is wrapped, its errors keep their stacks, and ES modules are seen as well. Times are
 * estimates: reading and compiling a module counts to the one that asked for it.
 */
export class ModuleLoads {
  readonly #isOwn: (url: string) => boolean
  readonly #entry: string
  readonly #running = new Map<string, Running>()
  readonly #told = new Set<string>()

  /** @param entry URL or path of the file that the program begins with: its top-level code is the program, not a load */
  constructor(entry: string, isOwn: (url: string) => boolean) {
    this.#entry = entry
    this.#isOwn = isOwn
  }

  /** The slow loads that ended within the profile's time, and the stacks of those that became slow within it. */
  take(profile: LinkedProfile): { ended: ModuleLoad[]; stacks: EntryStack[] } {
    const { wall, threadId, intervalUs } = profile
    const paths = topLevelPaths(profile)
    const stacks: EntryStack[] = []
    let last: readonly TopLevel[] = []
    for (let i = 0; i < wall.stack.length; i++) {
      const path = paths(wall.stack[i]!)
      last = path
      if (path.length === 0 || this.#isOwn(path[0]!.url)) continue
      const time = wall.timeUnixUs[i]!
      const gapUs = Math.min((wall.timeUnixUs[i + 1] ?? time + intervalUs) - time, longestGap * intervalUs)
      path.forEach(({ url, stack }, depth) => {
        const load = this.#loadOf(url, threadId, path, depth, time)
        load.ms += gapUs / 1000
        if (depth === path.length - 1) load.ownMs += gapUs / 1000
        if (load.uid !== '' || load.ms < slowMs || !this.#claim(load)) return
        load.uid = ownUid()
        const { link, endpoint } = wall
        stacks.push({
          stack,
          link: link[i]!,
          endpoint: endpoint[i]!,
          time: load.startUnixUs,
          uid: load.uid
        })
      })
    }
    const still = new Set(last.map(({ url }) => keyOf(threadId, url)))
    return { ended: this.#end(key => !still.has(key), threadId), stacks }
  }

  /** The slow loads that hadn't ended when the last profile did. */
  takeLast(): ModuleLoad[] {
    return this.#end(() => true)
  }

  #loadOf(url: string, threadId: number, path: readonly TopLevel[], depth: number, time: number): Running {
    const key = keyOf(threadId, url)
    let load = this.#running.get(key)
    if (load === undefined) {
      const chain = path.slice(0, depth + 1).map(above => above.url)
      load = {
        url,
        threadId,
        startUnixUs: time,
        ms: 0,
        ownMs: 0,
        chain,
        uid: '',
        depth
      }
      this.#running.set(key, load)
    }
    return load
  }

  #end(hasEnded: (key: string) => boolean, threadId?: number): ModuleLoad[] {
    const ended: ModuleLoad[] = []
    for (const [key, load] of this.#running) {
      if ((threadId !== undefined && load.threadId !== threadId) || !hasEnded(key)) continue
      this.#running.delete(key)
      if (load.uid !== '') ended.push(load)
    }
    return ended.sort((a, b) => a.startUnixUs - b.startUnixUs)
  }

  /** True the first time for each module: then it is to be told. */
  #claim(load: Running): boolean {
    const key = keyOf(load.threadId, load.url)
    if (this.#told.has(key) || this.#isProgram(load)) return false
    if (this.#told.size >= mostTold) this.#told.clear()
    this.#told.add(key)
    return true
  }

  /** What a thread begins with isn't known here: there only what another module loaded is a load for certain. */
  #isProgram({ url, threadId, depth }: Running): boolean {
    return url === this.#entry || (threadId !== 0 && depth === 0)
  }
}

interface TopLevel {
  url: string
  /** Row in the profile's stacks. */
  stack: number
}

function keyOf(threadId: number, url: string): string {
  return `${threadId} ${url}`
}

/** The top-level code of modules on a stack, outermost first. */
function topLevelPaths({ frames, stacks }: LinkedProfile): (leaf: number) => readonly TopLevel[] {
  const isTopLevel = frames.url.map((url, frame) => {
    const name = frames.functionName[frame]!
    const isFirst = frames.line[frame]! <= 1 && frames.column[frame]! <= 1
    return isFirst && (name === '' || name === '(anonymous)') && /^(?:file:\/\/|\/|[A-Za-z]:[\\/])/.test(url)
  })
  const known = new Map<number, readonly TopLevel[]>()
  return leaf => {
    let path = known.get(leaf)
    if (path !== undefined) return path
    const found: TopLevel[] = []
    for (let row = leaf; row >= 0; row = stacks.parent[row]!) {
      const frame = stacks.frame[row]!
      if (isTopLevel[frame]) found.push({ url: frames.url[frame]!, stack: row })
    }
    path = found.reverse()
    known.set(leaf, path)
    return path
  }
}
