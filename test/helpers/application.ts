// A folder such as a user of the package has: an application with this package and its own packages installed.
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { cachedInstall, nodeOfLine, type NodeLine } from '../../scripts/cached-install.mjs'

export interface Application {
  readonly folder: string
  readonly node: string
  /** A sampler of its own is there; else Node's inspector serves. */
  readonly hasAddon: boolean
  remove(): void
}

interface Manifest {
  dependencies: Record<string, string>
  optionalDependencies: Record<string, string>
}

const root = fileURLToPath(new URL('../../', import.meta.url))
const addonName = 'v8-profiler-next'

/** The lines that v8-profiler-next can be compiled for. */
export const linesWithAddon: readonly NodeLine[] = [20, 22, 24]

/**
 * The packages are installed once and kept; the application stands inside of that folder, so that it resolves them, and
 * has the built microlog in its own node_modules, as npm would lay it out. It holds a copy of the folder `programs`.
 */
export async function createApplication(
  line: NodeLine,
  packages: Record<string, string>,
  programs: string
): Promise<Application> {
  const manifest = JSON.parse(readFileSync(`${root}package.json`, 'utf8')) as Manifest
  const installed = await cachedInstall({ ...manifest.dependencies, ...packages })
  const folder = mkdtempSync(join(installed, 'application-'))
  const microlog = join(folder, 'node_modules/microlog')
  mkdirSync(microlog, { recursive: true })
  for (const name of ['package.json', 'dist']) cpSync(root + name, join(microlog, name), { recursive: true })
  const hasAddon = linesWithAddon.includes(line)
  if (hasAddon) symlinkSync(await addonOf(line, manifest), join(folder, 'node_modules', addonName))
  cpSync(programs, folder, { recursive: true })
  return {
    folder,
    node: await nodeOfLine(line),
    hasAddon,
    remove: () => rmSync(folder, { recursive: true, force: true })
  }
}

async function addonOf(line: NodeLine, { optionalDependencies }: Manifest): Promise<string> {
  const own = join(root, 'node_modules', addonName)
  // `npm ci` has compiled it for the Node that runs the tests.
  if (Number(process.versions.node.split('.')[0]) === line && existsSync(join(own, 'build'))) return own
  const version = optionalDependencies[addonName]!
  const installed = await cachedInstall({ [addonName]: version }, { scripts: true, node: line })
  return join(installed, 'node_modules', addonName)
}
