// What a program is made of: its functions in their files, folders and packages, as a tree. A file counts once for each
// class that the names of its functions tell of. Packages of others have no folders here, and Node is one package.
import { frameRole, frameRoles } from './calls.ts'
import { frameName, frameOwner, shortFile } from './frame-names.ts'
import { oncePer } from './once-per.ts'
import type { Recording } from './schema.ts'

export type PartKind = 'package' | 'folder' | 'file' | 'class' | 'function'

export interface CodePart {
  /** The same in each recording of a program: it stands in addresses. */
  readonly key: string
  readonly kind: PartKind
  readonly name: string
  /** What it lies in; -1 for a package. */
  readonly parent: number
  /** Whose it is, as `packageOf`: '' the program itself, 'node' Node and V8, else a package in node_modules. */
  readonly owner: string
  /** Of files, classes and functions; of a folder its path; else ''. */
  readonly url: string
  /** Of a function, else -1. Those that begin at one place under one name are one function. */
  readonly frame: number
}

export interface CodeParts {
  /** What holds a part comes before it. */
  readonly parts: readonly CodePart[]
  /** The function of each frame; -1 for what V8 says of itself: its root, and that it is idle. */
  readonly ofFrame: Int32Array
  /** The function that each stack ends in. What has no file is taken for a part of its caller. */
  readonly ofStack: Int32Array
}

const filelessName = 'no file'
/** The package of functions that aren't in any file. */
export const filelessKey = `package:${filelessName}`

export function buildCodeParts(recording: Recording): CodeParts {
  const { frames, strings } = recording
  const roles = frameRoles(recording)
  const parts: CodePart[] = []
  const rows = new Map<string, number>()
  const partOf = (part: CodePart): number => {
    const known = rows.get(part.key)
    if (known !== undefined) return known
    rows.set(part.key, parts.length)
    return parts.push(part) - 1
  }
  const ofFrame = Int32Array.from({ length: frames.length }, (_, frame) => {
    if (roles[frame] === frameRole.root || roles[frame] === frameRole.idle) return -1
    const url = strings[frames.url[frame]!]!
    const name = frameName(recording, frame)
    const owner = url === '' ? ownerOfFileless(name) : frameOwner(recording, frame)
    const within = { owner, url, frame: -1 }
    const packageName = packageLabel(owner, url, strings[frames.packageId[frame]!]!)
    let parent = partOf({
      ...within,
      // The program may lie in a package of another owner: the recorder's examples in a clone of it.
      key: `${owner === '' && url !== '' ? 'program' : 'package'}:${packageName}`,
      kind: 'package',
      name: packageName,
      parent: -1,
      url: ''
    })
    if (owner === '' && url !== '') {
      const path = folderOf(url)
      const folder = { ...within, key: `folder:${path}`, kind: 'folder' as const, name: folderName(path) }
      parent = partOf({ ...folder, parent, url: path })
    }
    if (url !== '') {
      const className = classOf(name)
      parent = partOf(
        className === ''
          ? { ...within, key: `file:${url}`, kind: 'file', name: fileName(owner, url), parent }
          : { ...within, key: `class:${url}#${className}`, kind: 'class', name: className, parent }
      )
    }
    return partOf({
      ...within,
      key: `function:${url}:${frames.line[frame]}:${name}`,
      kind: 'function',
      name,
      parent,
      frame
    })
  })
  return Object.freeze({ parts, ofFrame, ofStack: functionsOfStacks(recording, parts, ofFrame) })
}

/** The same, built once a recording. */
export const codePartsOf = oncePer(buildCodeParts)

function functionsOfStacks(
  { stacks }: Recording,
  parts: readonly CodePart[],
  ofFrame: Int32Array
): Int32Array {
  const hasFile = Uint8Array.from(parts, ({ url }) => (url === '' ? 0 : 1))
  const functions = new Int32Array(stacks.length)
  for (let stack = 0; stack < stacks.length; stack++) {
    const own = ofFrame[stacks.frame[stack]!]!
    const parent = stacks.parent[stack]!
    const caller = parent < 0 ? -1 : functions[parent]!
    const isPart = own >= 0 && hasFile[own] === 0 && caller >= 0 && hasFile[caller] === 1
    functions[stack] = isPart ? caller : own
  }
  return functions
}

function ownerOfFileless(name: string): string {
  // (program) and (garbage collector).
  return name.startsWith('(') && name !== '(anonymous)' ? 'node' : ''
}

function packageLabel(owner: string, url: string, packageId: string): string {
  if (owner === 'node') return 'node'
  if (url === '') return filelessName
  return packageId || owner || 'program'
}

/** 'Store' of 'Store.load', 'Store.prototype.load', 'static Store.of'; '' where no class is told. */
function classOf(name: string): string {
  return /(?:^|[ .])(\p{Lu}[\w$]*)(?:\.prototype)?\.[#\w$]+$/u.exec(name)?.[1] ?? ''
}

/** With its last slash. */
function folderOf(url: string): string {
  const slashed = url.replaceAll('\\', '/')
  return slashed.slice(0, slashed.lastIndexOf('/') + 1)
}

function folderName(path: string): string {
  const parts = path
    .replace(/^[a-z]+:\/\//, '')
    .split('/')
    .filter(Boolean)
  return `${parts.slice(-2).join('/')}/`
}

function fileName(owner: string, url: string): string {
  return owner === '' || owner === 'node' ? shortFile(url) : shortFile(url).slice(`${owner} › `.length)
}
