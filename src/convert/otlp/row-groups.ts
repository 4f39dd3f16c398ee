/** Items of a line; a request of this many spans is some 8 MB of JSON. */
export const itemsPerLine = 10_000

export interface RowGroup {
  resource: number
  scope: number
  rows: number[]
}

/** Rows that have a resource and scope in common, in chunks, in order of appearance. @param isWanted all, by default */
export function* rowGroups(
  resources: ArrayLike<number>,
  scopes: ArrayLike<number>,
  isWanted: (row: number) => boolean = () => true
): Generator<RowGroup> {
  const groups = new Map<string, RowGroup>()
  for (let row = 0; row < resources.length; row++) {
    if (!isWanted(row)) continue
    const resource = resources[row]!
    const scope = scopes[row]!
    const key = `${resource},${scope}`
    const group = groups.get(key)
    if (group && group.rows.length < itemsPerLine) {
      group.rows.push(row)
      continue
    }
    if (group) yield group
    groups.set(key, { resource, scope, rows: [row] })
  }
  yield* groups.values()
}
