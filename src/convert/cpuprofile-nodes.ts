import { MicrologError } from '../base/errors.ts'
import type { ProfiledFunction } from './sampled-recording.ts'

/** The nodes of a .cpuprofile, checked: a forest. */
export interface CpuprofileNodes {
  readonly length: number
  readonly frames: readonly ProfiledFunction[]
  /** -1 for a root. */
  readonly parent: Int32Array
  readonly parentsFirst: readonly number[]
  /** Undefined where no node has that id. */
  indexOf(id: unknown): number | undefined
}

export function readCpuprofileNodes(nodes: unknown): CpuprofileNodes {
  if (!Array.isArray(nodes)) refuse('an array of nodes in a .cpuprofile')
  const indexById = new Map<unknown, number>()
  const frames = nodes.map((node: unknown, at) => {
    if (!isObject(node) || !isObject(node.callFrame) || indexById.has(node.id))
      refuse(`node ${at} with an id of its own in a .cpuprofile`)
    indexById.set(node.id, at)
    return readFrame(node.callFrame)
  })
  const parent = readParents(nodes as Record<string, unknown>[], indexById)
  return {
    length: nodes.length,
    frames,
    parent,
    parentsFirst: orderParentsFirst(parent),
    indexOf: id => indexById.get(id)
  }
}

function readFrame(callFrame: Record<string, unknown>): ProfiledFunction {
  const { functionName, url, lineNumber, columnNumber } = callFrame
  return {
    functionName: typeof functionName === 'string' ? functionName : '',
    url: typeof url === 'string' ? url : '',
    line: oneBased(lineNumber),
    column: oneBased(columnNumber)
  }
}

/** V8 counts from 0 and says -1 for unknown. */
function oneBased(position: unknown): number {
  return typeof position === 'number' && position >= 0 && position < 2 ** 31 ? Math.floor(position) + 1 : 0
}

function readParents(nodes: Record<string, unknown>[], indexById: Map<unknown, number>): Int32Array {
  const parent = new Int32Array(nodes.length).fill(-1)
  const setParent = (child: number | undefined, of: number | undefined) => {
    if (child === undefined || of === undefined)
      refuse('children and parents that are nodes in a .cpuprofile')
    if (parent[child] !== -1 && parent[child] !== of) refuse('nodes that form a tree in a .cpuprofile')
    parent[child] = of
  }
  nodes.forEach(({ children, parent: parentId }, at) => {
    if (Array.isArray(children)) for (const id of children as unknown[]) setParent(indexById.get(id), at)
    if (parentId !== undefined && parentId !== null) setParent(at, indexById.get(parentId))
  })
  return parent
}

function orderParentsFirst(parent: Int32Array): number[] {
  const children: number[][] = Array.from(parent, () => [])
  const order: number[] = []
  parent.forEach((of, node) => {
    if (of < 0) order.push(node)
    else children[of]!.push(node)
  })
  for (let at = 0; at < order.length; at++) for (const child of children[order[at]!]!) order.push(child)
  if (order.length !== parent.length) refuse('nodes that form a tree, not a cycle in a .cpuprofile')
  return order
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}

export function refuse(expected: string): never {
  throw new MicrologError('invalid-input', `Expected ${expected}`)
}
