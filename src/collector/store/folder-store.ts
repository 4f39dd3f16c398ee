// An object store in a folder. An object is written aside, synced, and then linked to its name: whoever sees the
// name sees all of its bytes, and of two writers only one gets the name.
import { randomBytes } from 'node:crypto'
import { link, open, readdir, rmdir, stat, unlink } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { MicrologError, systemCode } from '../../base/errors.ts'
import { fileMode, makeFolder, syncFolder } from './durable-folder.ts'
import { checkKey } from './object-store.ts'
import type { ObjectStore, StoredObject } from './object-store.ts'

/** Where objects are written aside; not an object's folder. */
const asideName = 'tmp'
/** Files whose facts are asked for at once: others, the journal's, come in between. */
const askedTogether = 16

/** Older ones were left by a writer that was killed, ms. */
const abandonedAfterMs = 3_600_000

export async function createFolderStore(root: string): Promise<ObjectStore> {
  const aside = join(root, asideName)
  await checkFolder(root)
  await removeAbandoned(aside)

  async function putIfAbsent(key: string, bytes: Uint8Array): Promise<boolean> {
    checkKey(key)
    const path = join(root, key)
    const draft = join(aside, randomBytes(12).toString('hex'))
    await makeFolder(aside)
    await makeFolder(dirname(path))
    try {
      await writeSynced(draft, bytes)
      return await takeName(draft, path)
    } finally {
      await removeFile(draft)
    }
  }

  async function getRange(key: string, from: number, to: number): Promise<Uint8Array> {
    checkKey(key)
    const handle = await open(join(root, key), 'r').catch((thrown: unknown) => {
      if (systemCode(thrown) !== 'ENOENT') throw thrown
      throw new MicrologError('not-found', `Expected ${key} in the store; it isn't there (any more)`)
    })
    try {
      const { size } = await handle.stat()
      const bytes = new Uint8Array(Math.max(0, Math.min(to, size) - from))
      let filled = 0
      while (filled < bytes.length) {
        const { bytesRead } = await handle.read(bytes, filled, bytes.length - filled, from + filled)
        if (bytesRead === 0) break
        filled += bytesRead
      }
      return bytes.subarray(0, filled)
    } finally {
      await handle.close()
    }
  }

  async function list(prefix: string): Promise<StoredObject[]> {
    const found: StoredObject[] = []
    await collectFiles(join(root, prefix), prefix, found)
    return found.sort((a, b) => (a.key < b.key ? -1 : 1))
  }

  async function remove(key: string): Promise<void> {
    checkKey(key)
    const path = join(root, key)
    await removeFile(path)
    const folder = dirname(path)
    try {
      await syncFolder(folder)
      if (folder !== root) await rmdir(folder)
    } catch (thrown) {
      // Not the last one of its folder, or the folder went with it: both are as they should be.
      if (!['ENOTEMPTY', 'EEXIST', 'ENOENT'].includes(systemCode(thrown))) throw thrown
    }
  }

  return { putIfAbsent, getRange, list, delete: remove }
}

/** Who only asks makes no folder, and none is fine. */
async function checkFolder(root: string): Promise<void> {
  const found = await stat(root).catch(() => undefined)
  if (!found || found.isDirectory()) return
  throw new MicrologError('invalid-input', `Expected the store to be a folder, found a file: ${root}`)
}

async function writeSynced(path: string, bytes: Uint8Array): Promise<void> {
  const handle = await open(path, 'wx', fileMode)
  try {
    await handle.writeFile(bytes)
    await handle.sync()
  } finally {
    await handle.close()
  }
}

/** Makes the draft's bytes appear under the name, in one step; false when the name is taken. */
async function takeName(draft: string, path: string): Promise<boolean> {
  const folder = dirname(path)
  for (let attempt = 0; ; attempt++) {
    try {
      await link(draft, path)
      break
    } catch (thrown) {
      const code = systemCode(thrown)
      if (code === 'EEXIST') return false
      // Its folder was empty for a moment, and whoever deleted there took it away.
      if (code !== 'ENOENT' || attempt === 3) throw thrown
      await makeFolder(folder)
    }
  }
  await syncFolder(folder)
  return true
}

async function collectFiles(folder: string, prefix: string, found: StoredObject[]): Promise<void> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(nothingThere)
  for (let from = 0; from < entries.length; from += askedTogether) {
    await Promise.all(
      entries.slice(from, from + askedTogether).map(async entry => {
        const path = join(folder, entry.name)
        if (entry.isDirectory()) await collectFiles(path, `${prefix}${entry.name}/`, found)
        else if (entry.isFile()) {
          const facts = await factsOf(path)
          if (facts) found.push({ key: prefix + entry.name, ...facts })
        }
      })
    )
  }
}

/** A folder that isn't there has no entries. */
function nothingThere(thrown: unknown): [] {
  if (systemCode(thrown) === 'ENOENT') return []
  throw thrown
}

/** Undefined for a file that went away meanwhile. */
async function factsOf(path: string): Promise<Omit<StoredObject, 'key'> | undefined> {
  try {
    const { size, mtimeMs } = await stat(path)
    return { bytes: size, writtenMs: mtimeMs }
  } catch (thrown) {
    if (systemCode(thrown) === 'ENOENT') return undefined
    throw thrown
  }
}

async function removeFile(path: string): Promise<void> {
  try {
    await unlink(path)
  } catch (thrown) {
    if (systemCode(thrown) !== 'ENOENT') throw thrown
  }
}

async function removeAbandoned(aside: string): Promise<void> {
  for (const name of await readdir(aside).catch(nothingThere)) {
    const path = join(aside, name)
    try {
      const { mtimeMs } = await stat(path)
      if (Date.now() - mtimeMs > abandonedAfterMs) await unlink(path)
    } catch (thrown) {
      if (systemCode(thrown) !== 'ENOENT') throw thrown
    }
  }
}
