// Whether what comes in a file is in the store already: a recording's own export, say, which would double it.
import type { Group } from '../../format/index.ts'
import { bodyText } from '../../recording/attributes.ts'
import { spanIdAt, traceIdAt } from '../../recording/ids.ts'
import type { Recording } from '../../recording/schema.ts'
import type { OpenSegment } from '../store/segment.ts'

type KeysOf = (recording: Recording) => Iterable<string>

/** What tells a row from others of its kind, the same in every file. */
const keysOf: Partial<Record<Group, KeysOf>> = {
  *spans({ spans }) {
    for (let row = 0; row < spans.length; row++)
      yield traceIdAt(spans.traceId, row) + spanIdAt(spans.spanId, row)
  },
  *logs(recording) {
    const { logs } = recording
    for (let row = 0; row < logs.length; row++)
      yield `${unixNano(recording, logs.time[row]!)} ${bodyText(recording, logs.body[row]!)}`
  },
  *samples(recording) {
    const { samples } = recording
    for (let row = 0; row < samples.length; row++)
      yield `${unixNano(recording, samples.time[row]!)} ${samples.value[row]}`
  },
  *statuses(recording) {
    const { points, series, strings } = recording
    for (let row = 0; row < points.length; row++)
      yield `${unixNano(recording, points.time[row]!)} ${strings[series.name[points.series[row]!]!]}`
  }
}

function unixNano({ epoch }: Recording, time: number): bigint {
  return Number.isNaN(time) ? 0n : epoch + BigInt(Math.round(time))
}

/** The rows of one recording, each kind read when it is first asked for. */
export class StoredRows {
  readonly #segments: readonly OpenSegment['file'][]
  readonly #known = new Map<Group, Promise<Set<string>>>()

  constructor(segments: readonly OpenSegment['file'][]) {
    this.#segments = segments
  }

  /** True where every row of the tables is here, and there is one. */
  async holdAll(tables: Recording): Promise<boolean> {
    let rows = 0
    if (this.#segments.length === 0) return false
    for (const [group, keys] of Object.entries(keysOf) as [Group, KeysOf][]) {
      let known: Set<string> | undefined
      for (const key of keys(tables)) {
        rows++
        known ??= await this.#keysOf(group, keys)
        if (!known.has(key)) return false
      }
    }
    return rows > 0
  }

  #keysOf(group: Group, keys: KeysOf): Promise<Set<string>> {
    let known = this.#known.get(group)
    if (!known) this.#known.set(group, (known = this.#read(group, keys)))
    return known
  }

  async #read(group: Group, keys: KeysOf): Promise<Set<string>> {
    const found = new Set<string>()
    for (const file of this.#segments) for (const key of keys(await file.read([group]))) found.add(key)
    return found
  }
}
