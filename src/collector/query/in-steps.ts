// Work on millions of rows in small steps, since requests go on being answered meanwhile.
import { setImmediate } from 'node:timers/promises'

/** Between two looks at the clock: few, since the first rows of large columns take ms to come by their memory. */
const usualStep = 128
/** Nobody waits for longer, ms. */
const longestStepMs = 2

/** Calls back for 0 to count - 1. */
export async function inSteps(
  count: number,
  run: (index: number) => void,
  rowsAStep = usualStep
): Promise<void> {
  let sinceMs = performance.now()
  for (let from = 0; from < count; from += rowsAStep) {
    const to = Math.min(count, from + rowsAStep)
    for (let index = from; index < to; index++) run(index)
    if (performance.now() - sinceMs < longestStepMs) continue
    await setImmediate()
    sinceMs = performance.now()
  }
}

const muchBytes = 1024 * 1024

/** Before it gives much memory V8 collects garbage, a piece at a time: others have their turn before it is filled. */
export async function takeMemory(bytes: number): Promise<ArrayBuffer> {
  const memory = new ArrayBuffer(bytes)
  if (bytes >= muchBytes) await setImmediate()
  return memory
}

/** Those that pass, in their order. */
export async function filterInSteps(rows: Int32Array, passes: (row: number) => boolean): Promise<Int32Array> {
  const passed = new Int32Array(await takeMemory(rows.length * 4))
  let count = 0
  await inSteps(rows.length, index => {
    const row = rows[index]!
    if (passes(row)) passed[count++] = row
  })
  return passed.subarray(0, count)
}
