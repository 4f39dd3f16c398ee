/** Upper bounds of the buckets, ms; a last bucket has none. */
const boundsMs = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 5000]

/** How long things took, in buckets that can be summed over time and over collectors. */
export class LatencyHistogram {
  readonly #counts = new Array<number>(boundsMs.length + 1).fill(0)
  sumMs = 0

  observe(ms: number): void {
    const bucket = boundsMs.findIndex(bound => ms <= bound)
    this.#counts[bucket < 0 ? boundsMs.length : bucket]!++
    this.sumMs += ms
  }

  /** How many took no longer than each bound; the last bound is infinite. */
  cumulated(): { boundMs: number; count: number }[] {
    let count = 0
    return this.#counts.map((own, i) => ({ boundMs: boundsMs[i] ?? Infinity, count: (count += own) }))
  }
}
