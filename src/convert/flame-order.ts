/**
 * The order in which stacks stand in a flame graph, as the rank of each: callees before what their caller did itself,
 * those of one caller by what they come to, the largest first.
 * @param parents by stack: the row of its caller, a smaller one; -1 for the outermost
 * @param own by stack: what ends in it
 */
export function flameOrder(parents: ArrayLike<number>, own: ArrayLike<number>): Int32Array {
  const count = parents.length
  const total = Float64Array.from(own)
  for (let stack = count - 1; stack >= 0; stack--)
    if (parents[stack]! >= 0) total[parents[stack]!]! += total[stack]!
  const { largest, next } = linkCallees(parents, total)
  // From the end: a stack, then its callees from the smallest on. Whoever is taken off last is the largest.
  const rank = new Int32Array(count)
  let free = count
  const waiting: number[] = []
  const wait = (from: number): void => {
    for (let stack = from; stack >= 0; stack = next[stack]!) waiting.push(stack)
  }
  wait(largest[0]!)
  for (let stack = waiting.pop(); stack !== undefined; stack = waiting.pop()) {
    rank[stack] = --free
    wait(largest[stack + 1]!)
  }
  return rank
}

/** Callees as chains from the largest to the smallest; `largest` has those of the stack before, first the outermost. */
function linkCallees(
  parents: ArrayLike<number>,
  total: Float64Array
): { largest: Int32Array; next: Int32Array } {
  const largest = new Int32Array(parents.length + 1).fill(-1)
  const next = new Int32Array(parents.length)
  const bySize = Int32Array.from(total, (_, stack) => stack).sort((a, b) => total[a]! - total[b]! || b - a)
  for (const stack of bySize) {
    const caller = parents[stack]! + 1
    next[stack] = largest[caller]!
    largest[caller] = stack
  }
  return { largest, next }
}
