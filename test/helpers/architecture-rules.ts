// The house's rules as pure functions over a tree of source files: each gives the sentences that say what breaks it.
import { builtinModules } from 'node:module'
import { basename, extname } from 'node:path'
import { importsOf, type SourceImport, type SourceTree } from './source-tree.ts'

const MAX_LINES = 400
const MAX_BASE_FILES = 6

/** Who may import whom. A room may always import itself. */
const MAY_IMPORT: Record<string, readonly string[]> = {
  base: [],
  otlp: ['base'],
  recording: ['base'],
  format: ['base', 'recording'],
  convert: ['base', 'recording', 'format', 'otlp'],
  instrumentation: ['base', 'otlp'],
  collector: ['base', 'otlp', 'recording', 'format', 'convert'],
  ui: ['base', 'recording', 'format'],
  cli: ['base', 'otlp', 'recording', 'format', 'convert', 'instrumentation', 'collector']
}
/** Rooms that the browser and Node both load. */
const SHARED_ROOMS = ['base', 'otlp', 'recording', 'format', 'convert']
/** The one file of another room that the screen may see, and of it only the types. */
const API_SHAPES = 'src/collector/api.ts'
/** Read for its version: it is in the same place for src and dist. */
const MANIFEST = 'package.json'
/** The same for the folders of the collector. The files at its top put them together; its shapes anybody may see. */
const COLLECTOR_MAY_IMPORT: Record<string, readonly string[]> = {
  jobs: [],
  store: ['jobs'],
  encoding: ['jobs', 'store'],
  compaction: ['jobs', 'store', 'encoding'],
  ingest: ['jobs', 'store', 'encoding'],
  query: ['jobs', 'store', 'ingest'],
  exchange: ['jobs', 'store', 'ingest', 'query'],
  http: ['store', 'compaction', 'ingest', 'query', 'exchange']
}
/** Folders of the screen that every view may use, and that know no view. Any folder but these and pages is a view. */
const UI_GROUND = ['data', 'state', 'canvas', 'widgets']

const CATCH_ALL_NAMES = ['util', 'utils', 'helper', 'helpers', 'common', 'misc', 'types', 'manager', 'info']
const RAW_HTML = /\bv-html\s*=|\.(?:inner|outer)HTML\b|\binsertAdjacentHTML\b|\bdocument\.write\b/

type Rule = (tree: SourceTree) => string[]

/** Rooms import only the rooms below them; examples live on the published package. */
export const checkRooms: Rule = tree =>
  eachImport(tree, (path, { target, typeOnly }) => {
    if (target === undefined) return undefined
    const example = /^examples\/[^/]+\//.exec(path)?.[0]
    if (example)
      return target.startsWith(example) ? undefined : `an example imports only packages and its own files`
    const [from, to] = [roomOf(path), roomOf(target)]
    if (from === undefined || from === to || target === MANIFEST) return undefined
    const allowed = MAY_IMPORT[from]
    if (!allowed) return `there is no room called ${from}`
    if (to !== undefined && allowed.includes(to)) return undefined
    if (from === 'ui' && target === API_SHAPES)
      return typeOnly ? undefined : `ui may import only types from it`
    return `${from} may import ${allowed.join(', ') || 'nothing'}`
  })

/** Each folder of the collector has a place in one order, and the shapes of its API lie below them all. */
export const checkCollector: Rule = tree =>
  eachImport(tree, (path, { target }) => {
    if (target === undefined || roomOf(path) !== 'collector' || roomOf(target) !== 'collector')
      return undefined
    if (path === API_SHAPES) return 'the shapes of the API need nothing of the collector'
    const [from, to] = [folderOf(path), folderOf(target)]
    if (from === to || from === '' || target === API_SHAPES) return undefined
    const allowed = COLLECTOR_MAY_IMPORT[from]
    if (!allowed) return `there is no folder of the collector called ${from}`
    return allowed.includes(to) ? undefined : `${from} may import ${allowed.join(', ') || 'no other folder'}`
  })

/** data, state, canvas, widgets ← views ← pages ← the files at the top of ui. Views meet in state only. */
export const checkScreen: Rule = tree =>
  eachImport(tree, (path, { target }) => {
    if (target === undefined || roomOf(path) !== 'ui' || roomOf(target) !== 'ui') return undefined
    const [from, to] = [folderOf(path), folderOf(target)]
    if (from === to || screenLevel(from) > screenLevel(to)) return undefined
    if (UI_GROUND.includes(from) && UI_GROUND.includes(to)) return undefined
    const isView = screenLevel(from) === screenLevel(to)
    return isView
      ? `views never import each other: they meet in state`
      : `${to || 'the top of ui'} is above ${from}`
  })

/** The shared rooms know nothing of Node. */
export const checkNodeFree: Rule = tree =>
  eachImport(tree, (path, { specifier }) => {
    const isBuiltin = specifier.startsWith('node:') || builtinModules.includes(specifier)
    const room = roomOf(path)
    return isBuiltin && room && SHARED_ROOMS.includes(room) ? `${room} runs in the browser, too` : undefined
  })

/** What the package runs on Node must be installed with it: `installed` are its dependencies of all kinds but dev. */
export function checkPackages(tree: SourceTree, installed: readonly string[]): string[] {
  return eachImport(tree, (path, { specifier, target, typeOnly }) => {
    const room = roomOf(path)
    if (target !== undefined || typeOnly || room === undefined || room === 'ui') return undefined
    if (specifier.startsWith('node:') || builtinModules.includes(specifier)) return undefined
    const name = specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/')
    return installed.includes(name) ? undefined : `${name} is no dependency that a user gets`
  })
}

/** No file imports itself by way of others, types included. */
export const checkCycles: Rule = tree => {
  const finished = new Set<string>()
  const cycles: string[] = []
  const visit = (path: string, way: readonly string[]): void => {
    const start = way.indexOf(path)
    if (start >= 0) cycles.push(`a cycle of imports: ${[...way.slice(start), path].join(' → ')}`)
    if (start >= 0 || finished.has(path)) return
    for (const { target, byUrl } of importsOf(path, tree.get(path) ?? '')) {
      if (target !== undefined && !byUrl && tree.has(target)) visit(target, [...way, path])
    }
    finished.add(path)
  }
  for (const path of tree.keys()) visit(path, [])
  return cycles
}

/** Files one can read in one go, and a base that stays a base. */
export const checkSizes: Rule = tree => {
  const long = [...tree].flatMap(([path, text]) => {
    const lines = text.split('\n').length - (text.endsWith('\n') ? 1 : 0)
    return lines > MAX_LINES ? [`${path}: ${lines} lines, ${MAX_LINES} at most: give it two files`] : []
  })
  const baseFiles = [...tree.keys()].filter(path => roomOf(path) === 'base').length
  const full = `src/base: ${baseFiles} files, ${MAX_BASE_FILES} at most: most things belong to a room`
  return baseFiles > MAX_BASE_FILES ? [...long, full] : long
}

/** kebab-case, PascalCase for components, and a name that says what is in the file. */
export const checkNames: Rule = tree =>
  [...tree.keys()].flatMap(path => {
    const name = basename(path, extname(path)).replace(/\.(d|config)$/, '')
    const wanted = path.endsWith('.vue') ? /^[A-Z][A-Za-z0-9]*$/ : /^[a-z0-9]+(-[a-z0-9]+)*$/
    if (!wanted.test(name)) return [`${path}: .vue files are named in PascalCase, all others in kebab-case`]
    const vague = path
      .toLowerCase()
      .split(/[/.-]/)
      .find(part => CATCH_ALL_NAMES.includes(part))
    return vague ? [`${path}: "${vague}" says nothing about what is in it`] : []
  })

/** Text reaches the page as text. */
export const checkRawHtml: Rule = tree =>
  [...tree].flatMap(([path, text]) => {
    const found = RAW_HTML.exec(text)
    return found ? [`${path}: ${found[0].trim()} would let recorded text become markup`] : []
  })

function eachImport(
  tree: SourceTree,
  complaint: (path: string, found: SourceImport) => string | undefined
): string[] {
  return [...tree].flatMap(([path, text]) =>
    importsOf(path, text).flatMap(found => {
      const why = complaint(path, found)
      return why ? [`${path} imports ${found.target ?? found.specifier}: ${why}`] : []
    })
  )
}

/** The folder below src; undefined outside of src. */
function roomOf(path: string): string | undefined {
  return /^src\/([^/]+)/.exec(path)?.[1]
}

/** The folder below a room; empty for the files at its top. */
function folderOf(path: string): string {
  return /^src\/[^/]+\/([^/]+)\//.exec(path)?.[1] ?? ''
}

function screenLevel(folder: string): number {
  if (folder === '') return 3
  if (folder === 'pages') return 2
  return UI_GROUND.includes(folder) ? 0 : 1
}
