// What a segment tells of the paths of its traces, so that a million can be asked for them: in few objects, since each
// would be one more for the garbage collector to look at.
import type { RecordingFile, TraceColumns, TracePathColumn } from '../../format/index.ts'
import { isMethodOnly, operationOf } from '../../base/http-operation.ts'
import { rowOfText } from '../../recording/text-row.ts'

export interface PathIndex {
  /** By row of the footer's traces: a row of the texts, -1 where its name says it all. */
  readonly textOf: Int32Array
  /** Names with paths, 'GET /orders/7', each once and before a line feed; `plain` is the same in lower case, place by place. */
  readonly texts: string
  readonly plain: string
  /** Where each text begins, and the end. */
  readonly start: Uint32Array
  /** By text: a row of `operations`, see operationOf. */
  readonly operationRow: Int32Array
  readonly operations: readonly string[]
}

export async function pathIndexOf(file: RecordingFile): Promise<PathIndex | undefined> {
  const paths = await file.readTracePaths()
  return paths && buildPathIndex(file.footer.traces, paths)
}

/** A segment of 50,000 traces takes some 40 ms, most of it for the operations of paths that are like no other. */
function buildPathIndex(traces: TraceColumns, { texts: paths, row: pathOf }: TracePathColumn): PathIndex {
  const texts: string[] = []
  const operations = new Map<string, number>()
  const operationRow: number[] = []
  /** By name that is a method alone, then by row of the paths. */
  const textRows = new Map<string, Int32Array | undefined>()
  const rowsOf = (name: string): Int32Array | undefined => {
    if (!textRows.has(name))
      textRows.set(name, isMethodOnly(name) ? new Int32Array(paths.length).fill(-1) : undefined)
    return textRows.get(name)
  }
  const textOf = new Int32Array(pathOf.length).fill(-1)
  for (let trace = 0; trace < pathOf.length; trace++) {
    const row = pathOf[trace]!
    const name = traces.texts[traces.name[trace]!] ?? ''
    const known = row < 0 ? undefined : rowsOf(name)
    if (!known) continue
    if (known[row]! < 0) {
      known[row] = texts.push(`${name} ${paths[row]!}`) - 1
      operationRow.push(rowOfText(operations, operationOf(name, paths[row])))
    }
    textOf[trace] = known[row]!
  }
  const start = new Uint32Array(texts.length + 1)
  texts.forEach((text, row) => (start[row + 1] = start[row]! + text.length + 1))
  const joined = [...texts, ''].join('\n')
  return {
    textOf,
    texts: joined,
    plain: inLowerCase(joined, texts),
    start,
    operationRow: Int32Array.from(operationRow),
    operations: [...operations.keys()]
  }
}

/** How much memory it takes, about. */
export function bytesOfIndex({ textOf, texts, plain, start, operationRow }: PathIndex): number {
  return textOf.byteLength + start.byteLength + operationRow.byteLength + texts.length + plain.length
}

/** Some letters become two: in texts that have one only A to Z are changed. */
function inLowerCase(joined: string, texts: readonly string[]): string {
  const lower = joined.toLowerCase()
  if (lower.length === joined.length) return lower
  const lowered = texts.map(text => {
    const lower = text.toLowerCase()
    return lower.length === text.length ? lower : text.replace(/[A-Z]/g, letter => letter.toLowerCase())
  })
  return [...lowered, ''].join('\n')
}

/** The path of a trace; '' where none is told. @param trace a row of the footer */
export function pathIn({ textOf, texts, start }: PathIndex, name: string, trace: number): string {
  const text = textOf[trace]!
  return text < 0 ? '' : texts.slice(start[text]! + name.length + 1, start[text + 1]! - 1)
}

/** By text: 1 where it holds the part. @param part in lower case */
export function textsHolding({ plain, start }: PathIndex, part: string): Uint8Array {
  const holds = new Uint8Array(start.length - 1)
  let text = 0
  for (let at = plain.indexOf(part); at >= 0; at = plain.indexOf(part, start[text]!)) {
    text = textAt(start, text, at)
    // One that goes over the end of a text is in none.
    if (at + part.length < start[text + 1]!) holds[text] = 1
    if (++text === holds.length) break
  }
  return holds
}

/** The text at a place, from a text before it on: mostly it is near. */
function textAt(start: Uint32Array, from: number, at: number): number {
  let low = from
  let step = 1
  while (low + step < start.length - 1 && start[low + step]! <= at) {
    low += step
    step *= 2
  }
  for (; step >= 1; step >>= 1) if (low + step < start.length - 1 && start[low + step]! <= at) low += step
  return low
}

/** By the rows of a segment's traces: which text tells of one, -1 where its name does. */
export function textIn(index: PathIndex | undefined, trace: number): number {
  return index === undefined ? -1 : index.textOf[trace]!
}
