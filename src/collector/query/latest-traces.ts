import { MergedTraces } from './merged-traces.ts'
import type { TracePart } from './trace-parts.ts'

/** Rows of all parts that are kept, of some 70 bytes each. */
const keptRows = 2_000_000

/**
 * The traces of a store as they were last put together: the same again for as long as its segments are the same. Those of a
 * running program change with all it sends, and the others aren't put together again for it.
 */
export class LatestTraces {
  #parts: readonly TracePart[] = []
  #traces: Promise<MergedTraces> | undefined

  of(parts: readonly TracePart[]): Promise<MergedTraces> {
    if (this.#traces && sameParts(parts, this.#parts)) return this.#traces
    const traces = putTogether(parts, this.#traces)
    const rows = parts.reduce((sum, { footer }) => sum + footer.traces.length, 0)
    const keep = rows <= keptRows
    this.#parts = keep ? parts : []
    this.#traces = keep ? traces : undefined
    traces.catch(() => {
      if (this.#traces === traces) this.#traces = undefined
    })
    return traces
  }
}

/** What failed earlier, for want of memory say, is no help. */
async function putTogether(
  parts: readonly TracePart[],
  earlier?: Promise<MergedTraces>
): Promise<MergedTraces> {
  return MergedTraces.of(parts, await earlier?.catch(() => undefined))
}

/** Segments never change: where a footer is the same object, so is all that is told of it. */
function sameParts(a: readonly TracePart[], b: readonly TracePart[]): boolean {
  return a.length === b.length && a.every(({ footer }, i) => footer === b[i]!.footer)
}
