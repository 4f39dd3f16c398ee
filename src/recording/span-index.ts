// Finds spans by id: those that a link, a parent or an address names.
import { bytesOfHex } from '../base/units.ts'
import { finishHash, hashSeed, mixInteger } from './hash.ts'
import { oncePer } from './once-per.ts'
import type { Recording } from './schema.ts'

export interface SpanIndex {
  /** Row of `spans`, -1 where it isn't here. @param spanId 16 hex digits */
  rowOf(spanId: string): number
  /** Row of `spans` for each row of `links`, -1 where it isn't here. */
  readonly spanOfLink: Int32Array
  /** Row of `links` for each row of `spans`, 0 where nothing refers to it. */
  readonly linkOfSpan: Int32Array
  /** Row of the parent for each row of `spans`, -1 where it isn't here. Nobody is among his own ancestors. */
  readonly parentOf: Int32Array
}

/** Built once a recording. Of spans with one id the first is found. */
export const spanIndexOf = oncePer(({ spans, links }: Recording): SpanIndex => {
  const ids = wordsOf(spans.spanId)
  const find = buildFinder(ids)
  const spanOfLink = find(wordsOf(links.spanId))
  const linkOfSpan = new Int32Array(spans.length)
  spanOfLink.forEach((span, link) => {
    if (span >= 0) linkOfSpan[span] = link
  })
  return {
    rowOf: spanId => find(wordsOfText(spanId))[0]!,
    spanOfLink,
    linkOfSpan,
    parentOf: withoutCircles(find(wordsOf(spans.parentSpanId)))
  }
})

/** Rows of the spans around one, the nearest first. */
export function* ancestorsOf({ parentOf }: SpanIndex, row: number): Generator<number> {
  for (let at = parentOf[row]!; at >= 0; at = parentOf[at]!) yield at
}

/** Where spans are each other's ancestors, as only a broken sender says, one of them has no parent. */
function withoutCircles(parentOf: Int32Array): Int32Array {
  /** The walk that came by first: 0 for none. */
  const walkOf = new Int32Array(parentOf.length)
  for (let row = 0; row < parentOf.length; row++) {
    let at = row
    while (walkOf[at] === 0) {
      walkOf[at] = row + 1
      const parent = parentOf[at]!
      if (parent < 0) break
      if (walkOf[parent] === row + 1) parentOf[at] = -1
      at = parent
    }
  }
  return parentOf
}

/** Two words for each id: as numbers they are found in a tenth of the time of texts. */
function wordsOf(ids: Uint8Array): Int32Array {
  return new Int32Array(ids.slice().buffer)
}

function wordsOfText(spanId: string): Int32Array {
  return wordsOf(/^[0-9a-f]{16}$/.test(spanId) ? bytesOfHex(spanId) : new Uint8Array(8))
}

/** For each id the row that has it, -1 for none and for the id of zeros, which means that there is none. */
function buildFinder(ids: Int32Array): (wanted: Int32Array) => Int32Array {
  let size = 16
  while (size < ids.length) size *= 2
  const mask = size - 1
  /** Row + 1; 0 where the slot is free. */
  const slots = new Int32Array(size)
  /** The slot that holds this id, or the free one where it would be. */
  const slotOf = (first: number, second: number): number => {
    let slot = finishHash(mixInteger(mixInteger(hashSeed, first), second)) & mask
    for (; slots[slot] !== 0; slot = (slot + 1) & mask) {
      const row = slots[slot]! - 1
      if (ids[2 * row] === first && ids[2 * row + 1] === second) break
    }
    return slot
  }
  for (let row = 0; row < ids.length / 2; row++) {
    const [first, second] = [ids[2 * row]!, ids[2 * row + 1]!]
    if (first === 0 && second === 0) continue
    const slot = slotOf(first, second)
    if (slots[slot] === 0) slots[slot] = row + 1
  }
  return wanted => {
    const rows = new Int32Array(wanted.length / 2)
    for (let i = 0; i < rows.length; i++) rows[i] = slots[slotOf(wanted[2 * i]!, wanted[2 * i + 1]!)]! - 1
    return rows
  }
}
