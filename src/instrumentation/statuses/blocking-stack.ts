import type { ThreadProfile } from '../../otlp/thread-profile.ts'
import type { LogRecord, SpanReference } from '../record-sink.ts'

export interface BlockingStack {
  /** Leaf row in the profile's stacks. */
  stack: number
  /** Of the samples that have it, the commonest; -1 none. */
  link: number
  endpoint: number
  span: SpanReference | undefined
  /** Where the innermost function of the program in it begins. */
  code: LogRecord['attributes']
  /** Modules were being loaded. */
  loading: boolean
}

/** Of the samples that a running thread would have had. */
const fewestSamples = 0.1

/**
 * What held the thread: the deepest call that more than half of the samples within the stretch are in. 'stopped' where
 * there are hardly any samples, as in a process that was stopped or a machine that slept. Pure.
 */
export function blockingStack(
  profile: ThreadProfile,
  stretch: { fromUnixUs: number; toUnixUs: number }
): BlockingStack | 'stopped' {
  const { wall, stacks, intervalUs } = profile
  const rows: number[] = []
  for (let i = 0; i < wall.stack.length; i++) {
    const time = wall.timeUnixUs[i]!
    if (time >= stretch.fromUnixUs && time <= stretch.toUnixUs && !isIdle(profile, wall.stack[i]!))
      rows.push(i)
  }
  const expected = (stretch.toUnixUs - stretch.fromUnixUs) / intervalUs
  if (rows.length === 0 || rows.length < expected * fewestSamples) return 'stopped'

  const within = new Int32Array(stacks.parent.length)
  for (const i of rows) for (let at = wall.stack[i]!; at >= 0; at = stacks.parent[at]!) within[at]!++
  // Rows that hold more than half lie on one path, and parents come before their children.
  const stack = within.findLastIndex(count => count * 2 > rows.length)
  if (stack < 0) return 'stopped'
  const inIt = rows.filter(i => isBelow(stacks.parent, wall.stack[i]!, stack))
  const link = commonest(inIt.map(i => wall.link[i]!))
  return {
    stack,
    link,
    endpoint: commonest(inIt.map(i => wall.endpoint[i]!)),
    span: profile.links[link],
    ...describe(profile, stack)
  }
}

/** V8 took the sample while the thread waited for events. */
export function isIdle({ frames, stacks }: Pick<ThreadProfile, 'frames' | 'stacks'>, stack: number): boolean {
  const frame = stacks.frame[stack]!
  return frames.functionName[frame] === '(idle)' && frames.url[frame] === ''
}

function isBelow(parent: Int32Array, row: number, above: number): boolean {
  let at = row
  while (at > above) at = parent[at]!
  return at === above
}

function commonest(values: readonly number[]): number {
  const counts = new Map<number, number>()
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1)
  return [...counts].reduce((most, entry) => (entry[1] > most[1] ? entry : most), [-1, 0] as const)[0]
}

function describe({ frames, stacks }: ThreadProfile, stack: number): Pick<BlockingStack, 'code' | 'loading'> {
  const code: LogRecord['attributes'] = {}
  let loading = false
  for (let at = stack; at >= 0; at = stacks.parent[at]!) {
    const frame = stacks.frame[at]!
    const url = frames.url[frame]!
    if (url.startsWith('node:internal/modules/')) loading = true
    if (url === '' || url.startsWith('node:') || 'code.file.path' in code) continue
    if (frames.functionName[frame] !== '') code['code.function.name'] = frames.functionName[frame]!
    code['code.file.path'] = url
    code['code.line.number'] = frames.line[frame]!
    code['code.column.number'] = frames.column[frame]!
  }
  return { code, loading }
}
