// Whether flame graphs leave out what isn't the program's own code: a word of what is hidden, which the address keeps.
import { computed } from 'vue'
import type { ComputedRef } from 'vue'
import { useAddress } from './address.ts'
import { wholeGraph } from './use-graph-view.ts'
import { useSelection } from './use-selection.ts'

const word = 'internals'

export interface OwnOnly {
  readonly ownOnly: ComputedRef<boolean>
  /** It changes the graph: what was zoomed to is another place there. */
  setOwnOnly(own: boolean): void
}

export function useOwnOnly(): OwnOnly {
  const { hide, setHide } = useSelection()
  const { set } = useAddress()
  return {
    ownOnly: computed(() => hide.value.includes(word)),
    setOwnOnly(own) {
      set(wholeGraph)
      const others = hide.value.filter(hidden => hidden !== word)
      setHide(own ? [...others, word] : others)
    }
  }
}
