import { MicrologError } from '../../base/errors.ts'
import type { Segment } from '../store/segment.ts'

/** Hears of a segment, or its file, of which a part doesn't read. */
export type OnDamage<Damaged = Segment> = (damaged: Damaged, why: MicrologError) => void

/** What `read` gives; undefined, and told, where it comes upon damage: one bad block must not cost the others their answer. */
export async function unlessDamaged<T, Damaged>(
  asked: Damaged,
  read: () => Promise<T>,
  onDamage: OnDamage<Damaged>
): Promise<T | undefined> {
  try {
    return await read()
  } catch (thrown) {
    if (!(thrown instanceof MicrologError && thrown.code === 'corrupt')) throw thrown
    onDamage(asked, thrown)
    return undefined
  }
}
