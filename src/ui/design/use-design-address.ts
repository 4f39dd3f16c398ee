// The state of this view alone, in the address: the level, what is opened, and the selected part.
import { computed } from 'vue'
import type { ComputedRef } from 'vue'
import { cutLevels } from '../../recording/part-cut.ts'
import type { CutLevel } from '../../recording/part-cut.ts'
import { useAddress } from '../state/address.ts'

export interface DesignAddress {
  readonly level: ComputedRef<CutLevel>
  /** Keys of what is opened, in that order. */
  readonly open: ComputedRef<readonly string[]>
  /** Whether Node's own is shown: nearly everything is called by it, and calls it. */
  readonly showsNode: ComputedRef<boolean>
  /** Key of the selected part; '' for none. */
  readonly selected: ComputedRef<string>
  setLevel(level: CutLevel): void
  setOpen(open: readonly string[]): void
  setShowsNode(shows: boolean): void
  select(key: string): void
}

const usualLevel: CutLevel = 'files'
const separator = '|'

export function useDesignAddress(): DesignAddress {
  const address = useAddress()
  const read = (name: string): string => address.query.value[name] ?? ''
  // As a text first: a list would be another one after each change of the address, and the graph with it.
  const opened = computed(() => read('open'))
  return {
    level: computed(() => cutLevels.find(level => level === read('level')) ?? usualLevel),
    open: computed(() => opened.value.split(separator).filter(Boolean)),
    showsNode: computed(() => read('node') === 'shown'),
    selected: computed(() => read('part')),
    // What is opened belongs to the level: another one begins anew.
    setLevel: level =>
      address.set({ level: level === usualLevel ? undefined : level, open: undefined }, 'push'),
    setOpen: open => address.set({ open: open.join(separator) }, 'push'),
    setShowsNode: shows => address.set({ node: shows ? 'shown' : undefined }),
    select: key => address.set({ part: key })
  }
}
