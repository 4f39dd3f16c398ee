import type { ByteWriter } from '../../base/byte-writer.ts'
import type { Recording } from '../../recording/schema.ts'
import { encodeNumbers } from './numbers.ts'

/** A tree in preorder: how many levels each row goes up from the row before to find its parent; then the frames. */
export function encodeStacks(writer: ByteWriter, { stacks }: Recording): void {
  const ups = new Uint32Array(stacks.length)
  for (let row = 1; row < stacks.length; row++) {
    const parent = stacks.parent[row]!
    for (let above = row - 1; above !== parent; above = stacks.parent[above]!) ups[row]!++
  }
  encodeNumbers(writer, ups)
  encodeNumbers(writer, stacks.frame)
}
