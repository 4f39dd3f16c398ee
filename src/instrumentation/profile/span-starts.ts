import type { ThreadSamples } from '../../otlp/thread-profile.ts'
import type { SpanSlot } from '../spans/span-state.ts'
import { SampleBuilder, type LinkTable } from './profile-tables.ts'
import type { FoundMark, StartPlace } from './stack-mark.ts'

/** Stacks at which short spans started, 30 bytes each where they have to name the span: so many in a profile are enough. */
const mostShortStarts = 50
/** As long as they are few, each start says which span it is of. */
const fewestOfName = 20
/** Of a name whose starts all came from one place, the tenth start is looked at, then the twentieth after it, and so on. */
const firstGap = 10
/** Whether it still is that place is asked this often in any case. */
const widestGap = 1280

interface SeenStarts {
  path: number
  /** Stacks taken. */
  taken: number
  /** Starts since the last stack, and how many there may be. */
  since: number
  gap: number
}

/** Finds out, as spans start, whose stack will tell nothing new. */
export class StartChooser {
  readonly #names = new Map<string, SeenStarts>()

  /** False where the starts of this name have all been alike: a later one is told with their number. */
  isWanted(name: string): boolean {
    const seen = this.#names.get(name)
    if (seen === undefined || seen.path < 0 || seen.taken < fewestOfName) return true
    return ++seen.since >= seen.gap
  }

  /** To be told of each stack that was taken. */
  take(name: string, path: number): StartPlace {
    const seen = this.#names.get(name)
    if (seen === undefined) {
      this.#names.set(name, { path, taken: 1, since: 0, gap: firstGap })
      return { path, count: 1 }
    }
    const count = Math.max(1, seen.since)
    if (seen.since > 0) seen.gap = Math.min(2 * seen.gap, widestGap)
    seen.since = 0
    seen.taken++
    if (seen.path !== path) seen.path = -1
    return { path, count }
  }

  /** Paths are numbered anew. */
  clear(): void {
    this.#names.clear()
  }
}

/** Where all spans of a name that ended were started from one stack, the name says more spans in fewer bytes than links do. */
export function buildSpanStarts(
  found: readonly FoundMark[],
  links: LinkTable,
  { intervalUs, toUnixUs }: { intervalUs: number; toUnixUs(monotonicUs: number): number }
): ThreadSamples {
  const starts = found.filter(({ mark }) => mark.kind === 'span-start')
  const places = new Map<string, StartPlace>()
  for (const { mark } of starts) {
    const name = mark.slot?.finalName ?? ''
    const { path, count } = mark.start ?? nowhere
    const place = places.get(name)
    if (place === undefined) places.set(name, { path, count })
    else if (place.path === path) place.count += count
    else place.path = -1
  }
  places.delete('')
  const built = new SampleBuilder()
  const spanName: string[] = []
  const value: number[] = []
  const told = new Set<string>()
  let shortStarts = 0
  for (const { mark, stack, timeUs } of starts) {
    const name = mark.slot?.finalName ?? ''
    const place = places.get(name)
    const isNamed = place !== undefined && place.path >= 0 && place.count >= fewestOfName
    // Told with the first of them.
    if (isNamed && told.has(name)) continue
    if (!isNamed && isShort(mark.slot, intervalUs) && shortStarts++ >= mostShortStarts) continue
    const [link, endpoint] = isNamed ? [-1, -1] : [links.linkOf(mark.slot), links.endpointOf(mark.slot)]
    built.push(stack, toUnixUs(timeUs), link, endpoint)
    spanName.push(isNamed ? name : '')
    value.push(isNamed ? place.count : 1)
    if (isNamed) told.add(name)
  }
  return { ...built.finish(), spanName, value: Float64Array.from(value) }
}

const nowhere: StartPlace = { path: -1, count: 1 }

/** A start's stack tells where a span waits. One that is over sooner than the next sample hardly did. */
function isShort(slot: SpanSlot | undefined, intervalUs: number): boolean {
  return slot?.durationUs !== undefined && slot.durationUs < intervalUs
}
