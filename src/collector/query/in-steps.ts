// Work on millions of rows in small steps, since requests go on being answered meanwhile.
import { setImmediate } from 'node:timers/promises'

/** Between two looks at the clock: few, since the first rows of large columns take ms to come by their memory. */
const usualStep = 128
/** Nobody waits for longer, ms. */
const longestStepMs = 2

/** Calls back for 0 to count - 1. */
export function inSteps(count: number, run: (index: number) => void, rowsAStep = usualStep): Promise<void> {
  const runAll = (_table: number, from: number, to: number): void => {
    for (let index = from; index < to; index++) run(index)
  }
  return tablesInSteps([count], runAll, rowsAStep)
}

/**
 * Calls back for the rows of one table after the other: from one row up to, not including, another. Many small tables
 * take as long as a large one.
 */
export async function tablesInSteps(
  lengths: readonly number[],
  run: (table: number, from: number, to: number) => void,
  rowsAStep = usualStep
): Promise<void> {
  let sinceMs = performance.now()
  for (const [table, length] of lengths.entries()) {
    for (let from = 0; from < length; from += rowsAStep) {
      run(table, from, Math.min(length, from + rowsAStep))
      if (performance.now() - sinceMs < longestStepMs) continue
      await setImmediate()
      sinceMs = performance.now()
    }
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
