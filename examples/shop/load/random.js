/** The same numbers for the same seed, in [0, 1) (mulberry32), and draws made with them. */
export function createRandom(seed) {
  let state = seed >>> 0
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = state
    t = Math.imul(t ^ (t >>> 15), t | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }
  const between = (from, to) => from + Math.floor(next() * (to - from + 1))
  return { next, between, pick: list => list[between(0, list.length - 1)] }
}
