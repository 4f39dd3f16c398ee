// How a frame is called on screens: its name, its file in short, the package it belongs to, and where an editor finds it.
import type { Recording } from './schema.ts'

export function frameName(recording: Recording, frame: number): string {
  return recording.strings[recording.frames.name[frame]!] || '(anonymous)'
}

/** 'orders/load.ts:12', 'pg › client.js:8', 'node:fs:101'; '' where the file isn't known. */
export function framePlace(recording: Recording, frame: number): string {
  const url = recording.strings[recording.frames.url[frame]!]!
  if (url === '') return ''
  const line = recording.frames.line[frame]!
  return line > 0 ? `${shortFile(url)}:${line}` : shortFile(url)
}

/** As `framePlace`; for what is part of V8, the function that called it. @param caller its frame, -1 for none */
export function placeOrCaller(recording: Recording, frame: number, caller: number): string {
  const place = framePlace(recording, frame)
  if (place !== '' || caller < 0) return place
  // V8's own often stands behind a function of Node with the same name.
  const [name, above] = [frameName(recording, frame), frameName(recording, caller)]
  return ['in', above === name ? '' : above, framePlace(recording, caller)].filter(Boolean).join(' ')
}

/** Opens the frame's line in an editor; undefined as for `editorLink`. */
export function frameLink({ frames, strings }: Recording, frame: number): string | undefined {
  return editorLink(strings[frames.url[frame]!]!, frames.line[frame]!, frames.column[frame]!)
}

/** 'fastify 5.12.8': the package that a frame's file belongs to, with its version; '' where that isn't known. */
export function framePackage(recording: Recording, frame: number): string {
  const id = recording.strings[recording.frames.packageId[frame]!]!
  const at = id.lastIndexOf('@')
  return at > 0 ? `${id.slice(0, at)} ${id.slice(at + 1)}` : id
}

/** The package in node_modules, 'node' for Node's own, else '' for the program itself and V8. */
export function packageOf(url: string): string {
  if (url.startsWith('node:')) return 'node'
  const folder = '/node_modules/'
  const at = url.replaceAll('\\', '/').lastIndexOf(folder)
  if (at < 0) return ''
  const parts = url
    .replaceAll('\\', '/')
    .slice(at + folder.length)
    .split('/')
  return parts[0]!.startsWith('@') ? `${parts[0]}/${parts[1] ?? ''}` : parts[0]!
}

/** The package that a frame's file belongs to, as `packageOf`; the recorder's own is one also where it runs from a clone of it. */
export function frameOwner({ frames, strings }: Recording, frame: number): string {
  const url = strings[frames.url[frame]!]!
  const owner = packageOf(url)
  if (owner !== '' || !strings[frames.packageId[frame]!]!.startsWith('microlog@')) return owner
  // The examples and what tests run there are programs like any other.
  return /[\\/](?:examples|test)[\\/]/.test(url) ? '' : 'microlog'
}

/** By frame: 1 for what isn't the program's own: packages, Node, and what V8 runs without a file. */
export function internalFrames(recording: Recording): Uint8Array {
  const { frames, strings } = recording
  return Uint8Array.from({ length: frames.length }, (_, frame) => {
    const url = strings[frames.url[frame]!]!
    // (program) and (garbage collector) are nobody's code, but they are where the time went.
    if (url === '') return strings[frames.name[frame]!]!.startsWith('(') ? 0 : 1
    return frameOwner(recording, frame) === '' ? 0 : 1
  })
}

/** The last folder and the file, or the package and the file. */
export function shortFile(url: string): string {
  if (url.startsWith('node:')) return url
  const path = filePath(url) ?? url
  const parts = path.replaceAll('\\', '/').split('/').filter(Boolean)
  const packageName = packageOf(url)
  const file = parts[parts.length - 1] ?? path
  if (packageName !== '') return `${packageName} › ${file}`
  return parts.slice(-2).join('/')
}

/** An address that opens Visual Studio Code there; undefined for code that isn't in a file on this machine. */
export function editorLink(url: string, line: number, column: number): string | undefined {
  const slashed = filePath(url)?.replaceAll('\\', '/')
  // Two slashes name another host, which would be handed the reader's credentials.
  if (slashed === undefined || slashed.startsWith('//')) return undefined
  const rooted = slashed.startsWith('/') ? slashed : `/${slashed}`
  const encoded = rooted
    .split('/')
    .map(encodeURIComponent)
    .join('/')
    .replace(/^\/([A-Za-z])%3A/, '/$1:')
  return `vscode://file${encoded}:${Math.max(1, line)}:${Math.max(1, column)}`
}

/** An absolute path from a file URL or a path; undefined for anything else. */
export function filePath(url: string): string | undefined {
  if (url.startsWith('file:///')) {
    const path = decodePath(url.slice('file://'.length))
    return /^\/[A-Za-z]:/.test(path) ? path.slice(1) : path
  }
  return url.startsWith('/') || /^[A-Za-z]:[\\/]/.test(url) ? url : undefined
}

function decodePath(path: string): string {
  try {
    return decodeURIComponent(path)
  } catch (error) {
    if (error instanceof URIError) return path
    throw error
  }
}
