// What a segment tells of the paths of its traces, so that a million can be asked for them: in few objects, since each
// would be one more for the garbage collector to look at.
import type { RecordingFile } from '../../format/index.ts'
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
  return paths && buildPathIndex(file.footer.traces.name, paths.texts, paths.row)
}

function buildPathIndex(names: readonly string[], paths: readonly string[], pathOf: Int32Array): PathIndex {
  const texts = new Map<string, number>()
  const operations = new Map<string, number>()
  const operationRow: number[] = []
  const byName = new Map<string, Int32Array>()
  const rowsOf = (name: string): Int32Array => {
    const rows = byName.get(name) ?? new Int32Array(paths.length).fill(-1)
    byName.set(name, rows)
    return rows
  }
  const textOf = Int32Array.from(pathOf, (row, trace) => {
    const name = names[trace]!
    if (row < 0 || !isMethodOnly(name)) return -1
    const known = rowsOf(name)
    if (known[row]! >= 0) return known[row]!
    operationRow.push(rowOfText(operations, operationOf(name, paths[row])))
    return (known[row] = rowOfText(texts, `${name} ${paths[row]!}`))
  })
  const start = new Uint32Array(texts.size + 1)
  let plain = ''
  for (const [text, row] of texts) {
    start[row + 1] = start[row]! + text.length + 1
    plain += `${inLowerCase(text)}\n`
  }
  return {
    textOf,
    texts: [...texts.keys(), ''].join('\n'),
    plain,
    start,
    operationRow: Int32Array.from(operationRow),
    operations: [...operations.keys()]
  }
}

/** Some letters become two. */
function inLowerCase(text: string): string {
  const lower = text.toLowerCase()
  return lower.length === text.length ? lower : text.replace(/[A-Z]/g, letter => letter.toLowerCase())
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
