/** The word that was probably meant: one that is a slip or two away; undefined where none is. */
export function nearest(word: string, known: readonly string[]): string | undefined {
  const most = word.length > 4 ? 2 : 1
  const near = known.map(candidate => ({ candidate, slips: distance(word, candidate) }))
  return near.sort((a, b) => a.slips - b.slips).find(({ slips }) => slips <= most)?.candidate
}

/** Characters that are added, left out, changed, or swapped with the next one (optimal string alignment). */
function distance(a: string, b: string): number {
  if (Math.abs(a.length - b.length) > 2) return Infinity
  const rows = Array.from({ length: a.length + 1 }, (_, i) => [i])
  for (let j = 1; j <= b.length; j++) rows[0]!.push(j)
  for (let i = 1; i <= a.length; i++) {
    for (let j = 1; j <= b.length; j++) {
      const changed = rows[i - 1]![j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1)
      const isSwap = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]
      const swapped = isSwap ? rows[i - 2]![j - 2]! + 1 : Infinity
      rows[i]!.push(Math.min(changed, swapped, rows[i - 1]![j]! + 1, rows[i]![j - 1]! + 1))
    }
  }
  return rows[a.length]![b.length]!
}

/** Names of variables that are probably slips of known ones, each with the one that was meant. */
export function misspelt(
  env: Readonly<Record<string, string | undefined>>,
  known: readonly string[]
): { name: string; meant: string }[] {
  return Object.keys(env).flatMap(name => {
    if (!/^(?:MICROLOG|TRACER)_/.test(name) || known.includes(name)) return []
    const meant = nearest(name, known)
    return meant === undefined ? [] : [{ name, meant }]
  })
}
