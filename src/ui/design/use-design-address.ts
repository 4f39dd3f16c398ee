// The state of this view, in the address: the level, whose code is shown, what is opened, and the selected part.
import { computed } from 'vue'
import type { ComputedRef } from 'vue'
import { cutLevels } from '../../recording/part-cut.ts'
import type { CutLevel } from '../../recording/part-cut.ts'
import { useAddress } from '../state/address.ts'
import { useSelection } from '../state/use-selection.ts'

export interface DesignAddress {
  readonly level: ComputedRef<CutLevel>
  /** Keys of what is opened, in that order. */
  readonly open: ComputedRef<readonly string[]>
  readonly shown: ComputedRef<ShownOwners>
  /** Key of the selected part; '' for none. */
  readonly selected: ComputedRef<string>
  setLevel(level: CutLevel): void
  setOpen(open: readonly string[]): void
  setShown(shown: ShownOwners): void
  select(key: string): void
}

/** Whose code: the program's and what stands right beside it, the program's alone, that of all packages, or Node's as well:
    nearly everything is called by it, and calls it. */
export const shownOwners = ['near', 'own', 'packages', 'node'] as const
export type ShownOwners = (typeof shownOwners)[number]

const usualLevel: CutLevel = 'files'
const separator = '|'
/** The word with which the other views leave out what isn't the program's own. */
const internals = 'internals'

export function useDesignAddress(): DesignAddress {
  const address = useAddress()
  const { hide, setHide } = useSelection()
  const read = (name: string): string => address.query.value[name] ?? ''
  // As a text first: a list would be another one after each change of the address, and the graph with it.
  const opened = computed(() => read('open'))
  return {
    level: computed(() => cutLevels.find(level => level === read('level')) ?? usualLevel),
    open: computed(() => opened.value.split(separator).filter(Boolean)),
    shown: computed(() =>
      hide.value.includes(internals) ? 'own' : (shownOwners.find(shown => shown === read('show')) ?? 'near')
    ),
    selected: computed(() => read('part')),
    // What is opened belongs to the level: another one begins anew.
    setLevel: level =>
      address.set({ level: level === usualLevel ? undefined : level, open: undefined }, 'push'),
    setOpen: open => address.set({ open: open.join(separator) }, 'push'),
    setShown(shown) {
      const others = hide.value.filter(word => word !== internals)
      setHide(shown === 'own' ? [...others, internals] : others)
      address.set({ show: shown === 'near' || shown === 'own' ? undefined : shown })
    },
    select: key => address.set({ part: key })
  }
}
