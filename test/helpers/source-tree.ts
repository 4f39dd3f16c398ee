// Reads source files and what they import, with TypeScript's own parser; the rules over it are in architecture-rules.ts.
import { readdirSync, readFileSync } from 'node:fs'
import { join, posix } from 'node:path'
import ts from 'typescript'

/** Paths from the repository's root, with slashes, and their text. */
export type SourceTree = ReadonlyMap<string, string>

export interface SourceImport {
  /** As it is written. */
  specifier: string
  /** The path in the tree it leads to; undefined for packages and Node's modules. */
  target: string | undefined
  /** Nothing of it is left when the program runs. */
  typeOnly: boolean
  /** A worker's file named by URL: it crosses rooms as an import does, but can't close a cycle. */
  byUrl: boolean
}

const SOURCE_FILE = /\.(ts|vue|js|mjs|css)$/
const SKIPPED_FOLDERS = new Set(['node_modules', 'dist'])

/** All source files below the named folders of the repository. */
export function readSourceTree(root: string, folders: readonly string[]): SourceTree {
  const tree = new Map<string, string>()
  const visit = (folder: string): void => {
    for (const entry of readdirSync(join(root, folder), { withFileTypes: true })) {
      const path = posix.join(folder, entry.name)
      if (entry.isDirectory() && !SKIPPED_FOLDERS.has(entry.name)) visit(path)
      else if (entry.isFile() && SOURCE_FILE.test(path))
        tree.set(path, readFileSync(join(root, path), 'utf8'))
    }
  }
  for (const folder of folders) visit(folder)
  return tree
}

/** By path: each rule asks for the imports of all files, and to parse them takes seconds. */
const known = new Map<string, { text: string; imports: SourceImport[] }>()

/** Every way a file can pull in another: import, export from, import(), require(), and a worker's URL. */
export function importsOf(path: string, text: string): SourceImport[] {
  const found = known.get(path)
  if (found?.text === text) return found.imports
  const imports = readImports(path, text)
  known.set(path, { text, imports })
  return imports
}

function readImports(path: string, text: string): SourceImport[] {
  const imports: SourceImport[] = []
  const add = (node: ts.Node | undefined, typeOnly: boolean, byUrl = false): void => {
    if (!node || !ts.isStringLiteralLike(node)) return
    const specifier = node.text
    const target = specifier.startsWith('.') ? posix.join(posix.dirname(path), specifier) : undefined
    if (!byUrl || target) imports.push({ specifier, target, typeOnly, byUrl })
  }
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node)) add(node.moduleSpecifier, isTypeOnly(node.importClause))
    else if (ts.isExportDeclaration(node)) add(node.moduleSpecifier, node.isTypeOnly)
    else if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument))
      add(node.argument.literal, true)
    else if (ts.isCallExpression(node) && isLoadingCall(node)) add(node.arguments[0], false)
    else if (ts.isNewExpression(node) && node.expression.getText() === 'URL')
      add(node.arguments?.[0], false, true)
    ts.forEachChild(node, visit)
  }
  visit(ts.createSourceFile(path, scriptOf(path, text), ts.ScriptTarget.Latest, true, ts.ScriptKind.TS))
  return imports
}

function isTypeOnly(clause: ts.ImportClause | undefined): boolean {
  if (!clause) return false
  if (clause.phaseModifier === ts.SyntaxKind.TypeKeyword) return true
  const named = clause.namedBindings
  if (clause.name || !named || !ts.isNamedImports(named)) return false
  return named.elements.length > 0 && named.elements.every(element => element.isTypeOnly)
}

function isLoadingCall(node: ts.CallExpression): boolean {
  const isImport = node.expression.kind === ts.SyntaxKind.ImportKeyword
  return isImport || (ts.isIdentifier(node.expression) && node.expression.text === 'require')
}

/** The script blocks of a Vue file, the whole text of any other, nothing of a style sheet. */
function scriptOf(path: string, text: string): string {
  if (path.endsWith('.css')) return ''
  if (!path.endsWith('.vue')) return text
  return [...text.matchAll(/<script\b[^>]*>([\s\S]*?)<\/script>/g)].map(match => match[1]).join('\n')
}
