import { runInNewContext } from 'node:vm'

/**
 * Work that the machine's speed alone decides on. V8 doesn't inline a function of another context: inlined or not, which
 * differs between two runs of one program, would be a tenth of its time.
 * @type {(rounds: number) => number}
 */
export const burn = runInNewContext(`
  const { sqrt } = Math
  function burn(rounds) {
    let x = 0
    for (let i = 0; i < rounds; i++) x += sqrt(i % 1000) * (x > 1e9 ? 0.5 : 1)
    return x
  }
  burn`)

/** How many rounds make a microsecond here; the best of some tries. */
export function roundsPerUs() {
  let best = 0
  for (let i = 0; i < 20; i++) {
    const { user, system } = process.cpuUsage()
    burn(2_000_000)
    const used = process.cpuUsage({ user, system })
    best = Math.max(best, 2_000_000 / (used.user + used.system))
  }
  return best
}
