import type { CodeLocation } from '../record-sink.ts'

/** Stacks captured in JavaScript, as a tree: parallel arrays, a stack's row is its leaf, parents come first. Lines are those of the calls. */
export interface CapturedStacks {
  functionName: string[]
  url: string[]
  line: number[]
  column: number[]
  parent: number[]
}

const depth = 30
/** Leaves room for other stacks' rows in one number with a position. */
const mostRows = 2 ** 20

type StackCarrier = { stack?: unknown }
/** Node's types leave it out. */
type PositionedSite = NodeJS.CallSite & { getPosition?(): number }

/** Where the function that called `below` was called from... the first frame under `below`; undefined where there is none. */
export function captureCallSite(below: (...args: never[]) => unknown): CodeLocation | undefined {
  const site = structuredStack(1, below)[0]
  if (site === undefined) return undefined
  return {
    functionName: nameOf(site),
    filePath: urlOf(site),
    line: site.getLineNumber() ?? 0,
    column: site.getColumnNumber() ?? 0
  }
}

/** Collects whole stacks, each distinct path once. A third of the cost of `new Error().stack`, and no strings to parse. */
export class StackCapture {
  #stacks: CapturedStacks = emptyStacks()
  /** Rows by file, then by position in it and parent: a line and a column take V8 longer, and only new rows need them. */
  readonly #rows = new Map<string, Map<number, number>>()
  /** Of each row, its path: the first row that has it. */
  #paths: number[] = []
  readonly #rowOfPath = new Map<string, number>()

  /** The row of the stack under `below`, its upper 30 frames; -1 where it is empty. */
  capture(below: (...args: never[]) => unknown): number {
    if (this.#stacks.parent.length + depth >= mostRows) return -1
    const sites = structuredStack(depth, below)
    let parent = -1
    for (let i = sites.length - 1; i >= 0; i--) parent = this.#rowOf(sites[i]!, parent)
    return parent
  }

  /** The same for stacks with the same frames outside of Node: whether a timer or a promise resumed them is all the same. */
  pathOf(row: number): number {
    return this.#paths[row] ?? -1
  }

  /** What was captured since the last time. */
  take(): CapturedStacks {
    const stacks = this.#stacks
    this.#stacks = emptyStacks()
    this.#paths = []
    this.#rows.clear()
    this.#rowOfPath.clear()
    return stacks
  }

  #rowOf(site: NodeJS.CallSite, parent: number): number {
    const url = urlOf(site)
    // Code made by eval has no file: only the name tells its functions apart.
    const file = url === '' ? ` ${nameOf(site)}` : url
    let rows = this.#rows.get(file)
    if (rows === undefined) this.#rows.set(file, (rows = new Map()))
    const position = (site as PositionedSite).getPosition?.() ?? 0
    const key = position * mostRows + parent + 1
    const known = rows.get(key)
    if (known !== undefined) return known
    const stacks = this.#stacks
    const row = stacks.parent.push(parent) - 1
    stacks.functionName.push(nameOf(site))
    stacks.url.push(url)
    stacks.line.push(site.getLineNumber() ?? 0)
    stacks.column.push(site.getColumnNumber() ?? 0)
    rows.set(key, row)
    const path = this.pathOf(parent)
    this.#paths.push(url.startsWith('node:') ? path : this.#pathAt(`${path} ${position} ${file}`, row))
    return row
  }

  #pathAt(key: string, row: number): number {
    const known = this.#rowOfPath.get(key)
    if (known === undefined) this.#rowOfPath.set(key, row)
    return known ?? row
  }
}

function emptyStacks(): CapturedStacks {
  return { functionName: [], url: [], line: [], column: [], parent: [] }
}

/** Leaf first. Both settings of Error are the program's: put back at once, and where it froze them there is no stack. */
function structuredStack(limit: number, below: (...args: never[]) => unknown): NodeJS.CallSite[] {
  const prepare = Error.prepareStackTrace
  const traceLimit = Error.stackTraceLimit
  try {
    Error.stackTraceLimit = limit
    Error.prepareStackTrace = keepSites
    const carrier: StackCarrier = {}
    Error.captureStackTrace(carrier, below)
    return Array.isArray(carrier.stack) ? (carrier.stack as NodeJS.CallSite[]) : []
  } catch {
    return []
  } finally {
    restoreError(prepare, traceLimit)
  }
}

function keepSites(_error: unknown, sites: NodeJS.CallSite[]): NodeJS.CallSite[] {
  return sites
}

function restoreError(prepare: typeof Error.prepareStackTrace, limit: number): void {
  if (Error.prepareStackTrace !== prepare) Error.prepareStackTrace = prepare
  if (Error.stackTraceLimit !== limit) Error.stackTraceLimit = limit
}

function nameOf(site: NodeJS.CallSite): string {
  return site.getFunctionName() ?? ''
}

function urlOf(site: NodeJS.CallSite): string {
  return site.getFileName() ?? ''
}
