import * as nodeModule from 'node:module'
import { monotonicUs } from '../profile/monotonic-clock.ts'
import type { GivenMap } from '../record-sink.ts'

/** What Node gives has been parsed in this thread, and so much of that is enough for one time. */
const mostUs = 50_000
const mostFiles = 50_000
const mostMappings = 4 * 1024 * 1024
/** Files whose text isn't what V8 runs, unless only types were taken out of it. */
const compiledInMemory = /\.(?:[cm]?ts|tsx|jsx)(?:[?#].*)?$/

/** Finds the maps of code that was compiled in memory (by tsx, say): only the thread that runs it has them. Each once. */
export class InMemoryMaps {
  readonly #asked = new Set<string>()
  readonly #give: (given: GivenMap) => void

  constructor(give: (given: GivenMap) => void) {
    this.#give = give
  }

  look(urls: Iterable<string>): void {
    let untilUs: number | undefined
    for (const url of urls) {
      if (this.#asked.has(url)) continue
      const nowUs = monotonicUs()
      untilUs ??= nowUs + mostUs
      if (nowUs > untilUs) return
      if (this.#asked.size >= mostFiles) this.#asked.clear()
      this.#asked.add(url)
      if (!compiledInMemory.test(url)) continue
      const payload = findMap(url)
      if (payload === undefined || payload.mappings.length > mostMappings) continue
      const { version, sources, sourceRoot, names, mappings } = payload
      this.#give({ url, map: { version, sources, sourceRoot, names, mappings } })
    }
  }
}

function findMap(url: string): nodeModule.SourceMapPayload | undefined {
  try {
    return nodeModule.findSourceMap(url)?.payload
  } catch {
    // Whatever compiled the file made a map that Node can't read: the file stays as it was compiled.
    return undefined
  }
}
