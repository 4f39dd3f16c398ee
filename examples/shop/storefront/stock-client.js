// The storefront's calls to the stock service. The trace travels along in the `traceparent` header, which the undici
// instrumentation adds to every fetch.
import { Refusal } from '../service/refusal.js'

const TIMEOUT_MS = 5000

export function createStockClient(stockUrl) {
  async function call(method, path, body) {
    const response = await fetch(new URL(path, stockUrl), {
      method,
      body: body && JSON.stringify(body),
      headers: body && { 'content-type': 'application/json' },
      signal: AbortSignal.timeout(TIMEOUT_MS)
    })
    const answer = await response.json()
    if (response.ok) return answer
    throw new Refusal(response.status >= 500 ? 502 : response.status, `stock: ${answer.error}`)
  }

  return {
    /** How many pieces are left. */
    level: async sku => (await call('GET', `/stock/${sku}`)).available,
    /** Sets pieces aside; the reservation's id, or a Refusal with 409 where there aren't enough. */
    reserve: async (sku, quantity) => (await call('POST', `/stock/${sku}/reservations`, { quantity })).id,
    release: id => call('DELETE', `/reservations/${id}`)
  }
}
