export function median(values) {
  const sorted = values.filter(Number.isFinite).sort((a, b) => a - b)
  if (sorted.length === 0) return NaN
  return (sorted[(sorted.length - 1) >> 1] + sorted[sorted.length >> 1]) / 2
}

export function mean(values) {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}

/** Mean of the middle half: nearly as hard to mislead as the median, and says more about few values. */
export function midmean(values) {
  const sorted = values.filter(Number.isFinite).sort((a, b) => a - b)
  const quarter = sorted.length >> 2
  return mean(sorted.slice(quarter, sorted.length - quarter))
}

/** The value that this share of all values doesn't exceed. */
export function percentile(values, share) {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? NaN
}

export const roundsInTurns = 15

/** ms of each round of each way, in turns. */
export async function timesInTurns(ways) {
  const times = ways.map(() => [])
  for (let round = 0; round < roundsInTurns; round++) {
    for (const [i, run] of ways.entries()) {
      const began = performance.now()
      await run()
      times[i].push(performance.now() - began)
    }
  }
  return times
}
