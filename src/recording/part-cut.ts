// Which parts of the code a picture shows: a cut through their tree at one level, with some of them opened. What is too
// much for one picture is put together by folder or package.
import { filelessKey } from './code-parts.ts'
import type { CodeParts, PartKind } from './code-parts.ts'

export const cutLevels = ['packages', 'folders', 'files'] as const
export type CutLevel = (typeof cutLevels)[number]

export interface CutNode {
  readonly key: string
  readonly name: string
  readonly kind: PartKind | 'rest'
  /** Row of `parts`; of a rest what holds its parts, -1 where that is everything. */
  readonly part: number
  /** How many parts a rest stands for; else 0. */
  readonly merged: number
  /** Whether it can be replaced by what is in it. */
  readonly canOpen: boolean
}

export interface Cut {
  readonly nodes: readonly CutNode[]
  /** By row of `parts`: the node that a function belongs to, -1 for one that is left out. */
  readonly nodeOf: Int32Array
}

export interface CutChoice {
  readonly level: CutLevel
  /** Keys of the nodes to show what is in instead of them. */
  readonly open: ReadonlySet<string>
  /** Owners are left out as if their callers had called what they call: 'node', 'others' for Node and all packages, or all
      others but these. */
  readonly hide: 'node' | 'others' | 'nothing' | ReadonlySet<string>
}

export function cutParts({ parts }: CodeParts, { level, open, hide }: CutChoice): Cut {
  const nodes: CutNode[] = []
  const nodeOfPart = new Int32Array(parts.length).fill(-1)
  const nodeOf = Int32Array.from(parts, ({ kind, owner }, row) => {
    if (kind !== 'function' || isHidden(owner, hide)) return -1
    const part = shownPart(parts, row, level, open)
    if (nodeOfPart[part]! < 0) {
      const { key, name, kind } = parts[part]!
      nodeOfPart[part] = nodes.push({ key, name, kind, part, merged: 0, canOpen: kind !== 'function' }) - 1
    }
    return nodeOfPart[part]!
  })
  return { nodes, nodeOf }
}

function isHidden(owner: string, hide: CutChoice['hide']): boolean {
  if (typeof hide === 'object') return owner !== '' && !hide.has(owner)
  return hide === 'others' ? owner !== '' : hide === 'node' && owner === 'node'
}

/** The outermost part around a function that is small enough for the level and isn't opened. */
function shownPart(
  parts: CodeParts['parts'],
  row: number,
  level: CutLevel,
  open: ReadonlySet<string>
): number {
  const path: number[] = []
  for (let at = row; at >= 0; at = parts[at]!.parent) path.unshift(at)
  return path.find(at => isShownAt(parts[at]!, level) && !open.has(parts[at]!.key)) ?? row
}

/** Packages of others are one node at each level, and so is what has no file. */
function isShownAt({ kind, owner, key }: CodeParts['parts'][number], level: CutLevel): boolean {
  if (owner !== '' || level === 'packages' || key === filelessKey) return true
  if (kind === 'package') return false
  return kind !== 'folder' || level === 'folders'
}

/** What a picture can hold, and how many of those may be rests. */
export const mostNodes = 60
const mostRests = 12
/** In a picture of more nodes than this, what weighs less than a share of the heaviest is put together as well. */
const fewNodes = 24
const lightShare = 0.02

/**
 * The heaviest nodes stay as they are; the others are put together by what holds them, and the lightest of those into one.
 * @param weight by node; what weighs nothing isn't there
 */
export function mergeLightNodes(
  { parts }: CodeParts,
  cut: Cut,
  weight: ArrayLike<number>,
  open: ReadonlySet<string>
): Cut {
  const present = cut.nodes.map((_, row) => row).filter(row => weight[row]! > 0)
  if (present.length <= fewNodes) return cut
  present.sort((a, b) => weight[b]! - weight[a]! || a - b)
  const least = weight[present[0]!]! * lightShare
  const heavyCount = present.filter(row => weight[row]! >= least).length
  if (heavyCount === present.length && heavyCount <= mostNodes) return cut
  const keptCount = Math.min(mostNodes - mostRests, Math.max(heavyCount, fewNodes))
  const kept = new Set(present.slice(0, keptCount))
  const groups = new Map<number, number[]>()
  for (const row of present.slice(keptCount)) {
    const holder = parts[cut.nodes[row]!.part]!.parent
    if (open.has(restKey(parts, holder))) kept.add(row)
    else groups.set(holder, [...(groups.get(holder) ?? []), row])
  }
  // What is alone needs no name for several.
  const heavy = [...groups].filter(([holder, rows]) => holder >= 0 && rows.length > 1).slice(0, mostRests - 1)
  const nodes: CutNode[] = []
  const target = new Int32Array(cut.nodes.length).fill(-1)
  for (const row of kept) target[row] = nodes.push(cut.nodes[row]!) - 1
  const addRest = (holder: number, rows: readonly number[]): void => {
    const name = holder < 0 ? `${rows.length} more` : `${parts[holder]!.name} · ${rows.length} more`
    const rest = { key: restKey(parts, holder), kind: 'rest', part: holder, canOpen: true } as const
    const at = nodes.push({ ...rest, name, merged: rows.length }) - 1
    for (const row of rows) target[row] = at
  }
  for (const [holder, rows] of heavy) addRest(holder, rows)
  const light = present.filter(row => target[row]! < 0)
  if (open.has(restKey(parts, -1))) for (const row of light) target[row] = nodes.push(cut.nodes[row]!) - 1
  else if (light.length > 0) addRest(-1, light)
  return { nodes, nodeOf: cut.nodeOf.map(row => (row < 0 ? -1 : target[row]!)) }
}

function restKey(parts: CodeParts['parts'], holder: number): string {
  return holder < 0 ? 'rest:' : `rest:${parts[holder]!.key}`
}
