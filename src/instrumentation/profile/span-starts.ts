import type { ThreadSamples } from '../../otlp/thread-profile.ts'
import type { SpanSlot } from '../spans/span-state.ts'
import { SampleBuilder, type LinkTable, type Tables } from './profile-tables.ts'
import type { FoundMark } from './stack-mark.ts'

/** Stacks at which short spans started, 30 bytes each where they have to name the span: so many in a profile are enough. */
const mostShortStarts = 50
/** As long as they are few, each start says which span it is of. */
const fewestOfName = 20

/** Where all spans of a name that ended were started from one stack, the name says more spans in fewer bytes than links do. */
export function buildSpanStarts(
  found: readonly FoundMark[],
  tables: Tables,
  links: LinkTable,
  { intervalUs, toUnixUs }: { intervalUs: number; toUnixUs(monotonicUs: number): number }
): ThreadSamples {
  const starts = found.filter(({ mark }) => mark.kind === 'span-start')
  const pathOf = programPaths(tables)
  const places = new Map<string, { path: number; count: number }>()
  for (const { mark, stack } of starts) {
    const name = mark.slot?.finalName ?? ''
    const place = places.get(name)
    if (place === undefined) places.set(name, { path: pathOf(stack), count: 1 })
    else if (place.path === pathOf(stack)) place.count++
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

/** A start's stack tells where a span waits. One that is over sooner than the next sample hardly did. */
function isShort(slot: SpanSlot | undefined, intervalUs: number): boolean {
  return slot?.durationUs !== undefined && slot.durationUs < intervalUs
}

/** One number for all stacks with the same frames outside of Node: whether a timer or a promise resumed them is all the same. */
function programPaths({ frames, stacks }: Tables): (stack: number) => number {
  const known = new Map<string, number>()
  const pathOfRow = new Int32Array(stacks.frame.length).fill(-1)
  const pathOf = (row: number): number => {
    if (row < 0) return 0
    if (pathOfRow[row]! < 0) pathOfRow[row] = extended(pathOf(stacks.parent[row]!), stacks.frame[row]!)
    return pathOfRow[row]!
  }
  const extended = (above: number, frame: number): number => {
    if (frames.url[frame]!.startsWith('node:')) return above
    const key = `${above},${frame}`
    const path = known.get(key) ?? known.size + 1
    known.set(key, path)
    return path
  }
  return pathOf
}
