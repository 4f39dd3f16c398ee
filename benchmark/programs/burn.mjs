/** Work that the machine's speed alone decides on. */
export function burn(rounds) {
  let x = 0
  for (let i = 0; i < rounds; i++) x += Math.sqrt(i % 1000) * (x > 1e9 ? 0.5 : 1)
  return x
}

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
