// Hears from the collector that data came, for as long as the page is there and seen: a hidden one would keep one of the
// few connections that a browser has for a host.
import { useDocumentVisibility } from '@vueuse/core'
import { onScopeDispose, watch } from 'vue'
import { useApi } from './use-api.ts'
import { waitVisible } from './wait-visible.ts'

const retryAfterMs = 3_000

/** @param onData also where something may have been missed: after a connection was lost, or nobody looked */
export function useLive(onData: () => void): void {
  const api = useApi()
  const page = new AbortController()
  let connection = new AbortController()
  const visibility = useDocumentVisibility()
  watch(visibility, state => state === 'hidden' && connection.abort())
  onScopeDispose(() => {
    page.abort()
    connection.abort()
  })

  async function listen(): Promise<void> {
    for (let first = true; !page.signal.aborted; first = false) {
      connection = new AbortController()
      await api
        .live(event => (event === 'data' || !first) && onData(), connection.signal)
        // Told where what is shown is asked for: that fails as well.
        .catch(() => undefined)
      await waitVisible(connection.signal.aborted ? 0 : retryAfterMs, page.signal)
    }
  }
  void listen()
}
