import { createRequire } from 'node:module'
import { relative, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Packages } from '../frames/packages.ts'
import { pathOf } from '../frames/source-maps.ts'
import { isOwnFile } from '../own-files.ts'
import { ownEntry } from '../own-entry.ts'
import type { LinkedProfile, LogRecord } from '../record-sink.ts'
import { withStacks } from '../statuses/with-stacks.ts'
import { findImportChain } from './import-chain.ts'
import { ModuleLoads, type ModuleLoad } from './module-loads.ts'

/** As a module of CommonJS may have it by path and another as a URL, both are compared as URLs. */
function asUrl(url: string): string {
  const path = pathOf(url)
  return path === undefined ? url : pathToFileURL(path).href
}

/** Tells modules that took long to load, each once, as entries of the log. Lives in the sender's worker. */
export class SlowModules {
  readonly #packages: Packages
  readonly #entry: string
  readonly #loads: ModuleLoads

  /** @param script process.argv[1] of the program */
  constructor(script: string | undefined, packages: Packages) {
    this.#packages = packages
    this.#entry = entryUrl(script)
    this.#loads = new ModuleLoads(this.#entry, isOwnFile)
  }

  /** The entries of what a profile shows to have ended, and the profile with their stacks. */
  tell(profile: LinkedProfile): { profile: LinkedProfile; entries: LogRecord[] } {
    const urls = profile.frames.url.map(asUrl)
    const { ended, stacks } = this.#loads.take({ ...profile, frames: { ...profile.frames, url: urls } })
    return {
      profile: stacks.length === 0 ? profile : { ...profile, logs: withStacks(profile.logs, stacks) },
      entries: ended.map(load => this.#entryOf(load))
    }
  }

  /** The entries of what hadn't ended. */
  tellLast(): LogRecord[] {
    return this.#loads.takeLast().map(load => this.#entryOf(load))
  }

  #entryOf(load: ModuleLoad): LogRecord {
    const { url, threadId, startUnixUs, ms, ownMs, uid } = load
    const chain = load.chain.length > 1 ? load.chain : findImportChain(this.#entry, url)
    const name = this.#nameOf(url)
    return ownEntry({
      timeUnixUs: startUnixUs,
      severity: 'INFO',
      eventName: 'microlog.slow_module',
      body: `module ${name} took about ${Math.round(ms)} ms to load, ${Math.round(ownMs)} ms of it by itself`,
      threadId,
      uid,
      attributes: {
        'microlog.module.load.ms': Math.round(ms),
        'microlog.module.own.ms': Math.round(ownMs),
        'microlog.module.chain': chain.map(link => this.#nameOf(link)).join(' › '),
        'code.file.path': url,
        'code.line.number': 1,
        'code.column.number': 1
      }
    })
  }

  /** 'typescript@5.9.3 lib/typescript.js', and a file of the program's own by its path from where that begins. */
  #nameOf(url: string): string {
    const path = (pathOf(url) ?? url).replaceAll('\\', '/')
    const inPackage = /.*\/node_modules\/(?:@[^/]+\/)?[^/]+\/(.*)$/.exec(path)
    if (inPackage) return `${this.#packages.of(url)} ${inPackage[1]!}`
    const entry = pathOf(this.#entry)
    return entry === undefined ? path : relative(resolve(entry, '..'), path).replaceAll('\\', '/') || path
  }
}

/** The real file, as V8 names it: what is started may be a link, or lack its ending. */
function entryUrl(script: string | undefined): string {
  if (script === undefined) return ''
  const path = resolve(script)
  try {
    return pathToFileURL(createRequire(path).resolve(path)).href
  } catch {
    return pathToFileURL(path).href
  }
}
