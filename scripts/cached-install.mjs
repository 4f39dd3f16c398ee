// Sets of packages that only some tests and benchmarks need, other releases of Node or of an SDK for instance: installed
// from npm when first asked for, and kept below node_modules/.cache.
import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, rename, rm, writeFile } from 'node:fs/promises'
import { delimiter, dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const cache = fileURLToPath(new URL('../node_modules/.cache/microlog/', import.meta.url))

/** @typedef {20 | 22 | 24 | 26} NodeLine */

/**
 * The folder that has these packages in its node_modules. Install scripts don't run unless asked for: most are downloads.
 * @param {Record<string, string>} packages names and version ranges
 * @param {{ scripts?: boolean, node?: NodeLine }} [options] `node`: the line that runs npm, and that addons are compiled for
 * @returns {Promise<string>}
 */
export function cachedInstall(packages, { scripts = false, node } = {}) {
  const manifest = JSON.stringify({ private: true, type: 'module', dependencies: packages }, undefined, 2)
  const key = createHash('sha256')
    .update(`${scripts} ${node ?? process.versions.modules} ${manifest}`)
    .digest('hex')
    .slice(0, 16)
  const folder = cache + key
  if (!asked.has(folder)) asked.set(folder, install(folder, manifest, scripts, node))
  return asked.get(folder)
}

/**
 * By folder: who asks while it is being installed waits for the same.
 * @type {Map<string, Promise<string>>}
 */
const asked = new Map()

/**
 * @param {string} folder
 * @param {string} manifest
 * @param {boolean} scripts
 * @param {NodeLine} [node]
 */
async function install(folder, manifest, scripts, node) {
  if (existsSync(folder)) return folder
  // Made beside and moved into place, so that what stands there is whole.
  const made = `${folder}.${process.pid}`
  await mkdir(made, { recursive: true })
  await writeFile(`${made}/package.json`, manifest)
  const flags = ['--no-audit', '--no-fund', '--loglevel=error', ...(scripts ? [] : ['--ignore-scripts'])]
  await promisify(execFile)('npm', ['install', ...flags], {
    cwd: made,
    env: node === undefined ? process.env : await environmentOf(node)
  })
  try {
    await rename(made, folder)
  } catch (error) {
    // Somebody else was first.
    if (!existsSync(folder)) throw error
    await rm(made, { recursive: true, force: true })
  }
  return folder
}

/**
 * In which npm runs on a release line of Node, and compiles against its headers.
 * @param {NodeLine} line
 */
async function environmentOf(line) {
  const node = await nodeOfLine(line)
  if (node === process.execPath) return process.env
  return {
    ...process.env,
    PATH: `${dirname(node)}${delimiter}${process.env.PATH}`,
    npm_config_nodedir: dirname(dirname(node))
  }
}

/**
 * The `node` of a release line.
 * @param {NodeLine} major
 * @returns {Promise<string>}
 */
export async function nodeOfLine(major) {
  if (Number(process.versions.node.split('.')[0]) === major) return process.execPath
  const platform = `node-${process.platform}-${process.arch}`
  return `${await cachedInstall({ [platform]: String(major) })}/node_modules/${platform}/bin/node`
}
