// How much of each kind next week will ask for: many random weeks drawn from the orders so far.
import { findProduct } from '../catalogue.js'

const WEEKS = 4000
const ORDERS_PER_WEEK = 100

/** Per kind of product: the mean and the 95th percentile of pieces per week. */
export function forecastDemand(orders) {
  const weeks = Array.from({ length: WEEKS }, (_, week) => drawWeek(orders, createRandom(week + 1)))
  const kinds = [...new Set(weeks.flatMap(week => [...week.keys()]))].sort()
  return kinds.map(kind => summarise(kind, weeks))
}

function drawWeek(orders, random) {
  const pieces = new Map()
  for (let n = 0; n < ORDERS_PER_WEEK; n++) {
    const order = orders[Math.floor(random() * orders.length)]
    for (const { sku, quantity } of order.lines) {
      const kind = findProduct(sku)?.kind
      pieces.set(kind, (pieces.get(kind) ?? 0) + quantity)
    }
  }
  return pieces
}

function summarise(kind, weeks) {
  const counts = weeks.map(week => week.get(kind) ?? 0).sort((a, b) => a - b)
  const mean = counts.reduce((sum, count) => sum + count, 0) / counts.length
  return { kind, mean: Math.round(mean), high: counts[Math.floor(counts.length * 0.95)] }
}

/** The same numbers for the same seed, in [0, 1): a linear congruential generator. */
function createRandom(seed) {
  let state = seed
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state / 2 ** 32
  }
}
