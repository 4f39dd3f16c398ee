// Which of the recorder's own entries are listed, in the address.
import { computed } from 'vue'
import type { ComputedRef } from 'vue'
import { ownChoices } from '../../recording/log-entries.ts'
import type { OwnChoice } from '../../recording/log-entries.ts'
import { useAddress } from '../state/address.ts'
import type { Query } from '../state/address.ts'

const usual: OwnChoice = 'warnings'

export function ownChoiceOf(query: Query): OwnChoice {
  return ownChoices.find(choice => choice === query['own']) ?? usual
}

export function useOwnChoice(): { own: ComputedRef<OwnChoice>; setOwn(choice: string): void } {
  const { query, set } = useAddress()
  return {
    own: computed(() => ownChoiceOf(query.value)),
    setOwn: choice => set({ own: choice === usual ? undefined : choice })
  }
}
