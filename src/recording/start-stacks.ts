// Where spans were started: each by its own link, or all of one name by their name.
import { attributeText } from './attributes.ts'
import { oncePer } from './once-per.ts'
import type { Recording } from './schema.ts'
import { spanIndexOf } from './span-index.ts'

export interface StartStack {
  /** Row of `stacks`; -1 where none was kept. */
  readonly stack: number
  /** The stack is that of the spans of this name around that time: maybe not of this very one. */
  readonly isOfName: boolean
}

export interface StartStacks {
  /** @param span row of `spans` */
  of(span: number): StartStack
}

/** Rows of `samples`. */
type Starts = number[]

export const spanNameAttribute = 'microlog.span.name'
const none: StartStack = { stack: -1, isOfName: false }

/** Built once a recording. */
export const startStacksOf = oncePer((recording: Recording): StartStacks => {
  const { linkOfSpan } = spanIndexOf(recording)
  const { samples, profiles, links, spans, strings } = recording
  const isOfStarts = Uint8Array.from(profiles.sampleType, type => (strings[type] === 'span' ? 1 : 0))
  const ofLink = new Int32Array(links.length).fill(-1)
  const ofName = new Map<string, Starts>()
  for (let row = 0; row < samples.length; row++) {
    if (isOfStarts[samples.profile[row]!] !== 1) continue
    const link = samples.link[row]!
    if (link > 0) {
      if (ofLink[link]! < 0) ofLink[link] = samples.stack[row]!
      continue
    }
    const name = attributeText(recording, samples.attributes[row]!, spanNameAttribute)
    if (name === undefined) continue
    const known = ofName.get(name)
    if (known === undefined) ofName.set(name, [row])
    else known.push(row)
  }
  for (const rows of ofName.values()) rows.sort((a, b) => samples.time[a]! - samples.time[b]!)
  return {
    of(span) {
      const own = ofLink[linkOfSpan[span]!] ?? -1
      if (own >= 0) return { stack: own, isOfName: false }
      const named = ofName.get(strings[spans.name[span]!]!)
      if (named === undefined) return none
      const nearest = nearestInTime(named, spans.start[span]!, samples.time)
      return { stack: samples.stack[nearest]!, isOfName: true }
    }
  }
})

function nearestInTime(rows: Starts, time: number, times: ArrayLike<number>): number {
  let from = 0
  let to = rows.length - 1
  while (from < to) {
    const middle = (from + to) >> 1
    if (times[rows[middle]!]! < time) from = middle + 1
    else to = middle
  }
  const after = rows[from]!
  const before = rows[from - 1]
  return before !== undefined && time - times[before]! < Math.abs(times[after]! - time) ? before : after
}
