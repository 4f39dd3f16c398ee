// A value from the API for a component: loading, ready or failed, asked again when its inputs change. While it is
// asked again the old value stays.
import { onScopeDispose, shallowRef, watch } from 'vue'
import type { ShallowRef } from 'vue'
import type { LoadFailure } from './segment-worker-protocol.ts'
import { failureOf } from './send-request.ts'

export interface Fetched<T> {
  readonly value: Readonly<ShallowRef<T | undefined>>
  readonly failure: Readonly<ShallowRef<LoadFailure | undefined>>
  readonly busy: Readonly<ShallowRef<boolean>>
  /** Asks again; the promise ends when the answer is there. */
  reload(): Promise<void>
}

/** @param inputs what it depends on; the first request goes out at once */
export function useFetched<T>(
  fetch: (signal: AbortSignal) => Promise<T>,
  inputs?: () => unknown
): Fetched<T> {
  const value = shallowRef<T>()
  const failure = shallowRef<LoadFailure>()
  const busy = shallowRef(false)
  let current = new AbortController()

  async function reload(): Promise<void> {
    current.abort()
    const { signal } = (current = new AbortController())
    busy.value = true
    try {
      const next = await fetch(signal)
      if (signal.aborted) return
      value.value = next
      failure.value = undefined
    } catch (error) {
      if (signal.aborted) return
      failure.value = failureOf(error)
    }
    busy.value = false
  }

  if (inputs) watch(inputs, reload)
  onScopeDispose(() => current.abort())
  void reload()
  return { value, failure, busy, reload }
}
