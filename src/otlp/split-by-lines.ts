import type { ThreadProfile, ThreadSamples } from './thread-profile.ts'

/**
 * Samples whose stacks have the lines where functions begin, and those that have the lines of calls: in one Profile a
 * reader couldn't tell them apart. Those without any line go with the former.
 */
export function splitByLines(profile: ThreadProfile, samples: ThreadSamples): [ThreadSamples, ThreadSamples] {
  const rows: [number[], number[]] = [[], []]
  samples.stack.forEach((leaf, row) => rows[hasCallLines(profile, leaf) ? 1 : 0].push(row))
  return [pick(samples, rows[0]), pick(samples, rows[1])]
}

/** The innermost frame that has a line tells for all. */
function hasCallLines({ frames, stacks }: ThreadProfile, leaf: number): boolean {
  for (let row = leaf; row >= 0; row = stacks.parent[row]!) {
    const frame = stacks.frame[row]!
    if (frames.line[frame] !== 0) return frames.startLine[frame] === 0
  }
  return false
}

function pick(samples: ThreadSamples, rows: readonly number[]): ThreadSamples {
  const { stack, timeUnixUs, link, endpoint, value, uid, spanName } = samples
  if (rows.length === stack.length) return samples
  return {
    stack: Int32Array.from(rows, row => stack[row]!),
    timeUnixUs: Float64Array.from(rows, row => timeUnixUs[row]!),
    link: Int32Array.from(rows, row => link[row]!),
    endpoint: Int32Array.from(rows, row => endpoint[row]!),
    ...(value && { value: Float64Array.from(rows, row => value[row]!) }),
    ...(uid && { uid: rows.map(row => uid[row]!) }),
    ...(spanName && { spanName: rows.map(row => spanName[row]!) })
  }
}
