// The key that a collector off loopback asks for. It stays in this tab: never in an address, gone when the tab is.
import { useStorage } from '@vueuse/core'
import { computed, shallowRef } from 'vue'
import type { ComputedRef } from 'vue'
import type { ViewAccess } from '../data/api-client.ts'

export interface ViewKey {
  readonly access: ViewAccess
  /** Why a key has to be entered; undefined while nobody asks for one. */
  readonly asked: ComputedRef<'missing' | 'wrong' | undefined>
  /** Begins again with this key. */
  enter(key: string): void
}

export function createViewKey(restart: () => void): ViewKey {
  const key = useStorage('microlog.view-key', '', sessionStorage, { flush: 'sync' })
  const refused = shallowRef(false)
  return {
    access: {
      authorization: key.value === '' ? undefined : `Bearer ${key.value}`,
      onRefused: () => (refused.value = true)
    },
    asked: computed(() => (!refused.value ? undefined : key.value === '' ? 'missing' : 'wrong')),
    enter(text) {
      key.value = text.trim()
      restart()
    }
  }
}
