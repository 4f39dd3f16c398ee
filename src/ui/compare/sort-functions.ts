import type { FunctionDiff } from '../../recording/diff-functions.ts'

/** What the times in the table of functions are. */
export type Measure = 'share' | 'time'

/** By what it is sorted. */
export const functionOrders = ['change', 'selfA', 'selfB', 'totalA', 'totalB', 'name'] as const
export type FunctionOrder = (typeof functionOrders)[number]

/** What an address says; by change where it says nothing that is known. */
export function functionOrderOf(text: string | undefined): FunctionOrder {
  return functionOrders.find(order => order === text) ?? 'change'
}

/** Largest first, names in their order; equal ones as they came. */
export function sortFunctions(
  functions: readonly FunctionDiff[],
  order: FunctionOrder,
  measure: Measure
): FunctionDiff[] {
  const [self, total] =
    measure === 'time' ? (['selfMs', 'totalMs'] as const) : (['selfShare', 'totalShare'] as const)
  const byName = (a: FunctionDiff, b: FunctionDiff): number =>
    a.name < b.name ? -1 : a.name > b.name ? 1 : 0
  const by = (valueOf: (entry: FunctionDiff) => number) => (a: FunctionDiff, b: FunctionDiff) =>
    valueOf(b) - valueOf(a)
  const orders: Record<FunctionOrder, (a: FunctionDiff, b: FunctionDiff) => number> = {
    change: by(({ difference }) => Math.abs(difference[self])),
    selfA: by(({ a }) => a[self]),
    selfB: by(({ b }) => b[self]),
    totalA: by(({ a }) => a[total]),
    totalB: by(({ b }) => b[total]),
    name: byName
  }
  return [...functions].sort(orders[order])
}
