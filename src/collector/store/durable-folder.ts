// Folders and their entries made durable: a file is safe only once its folder is synced, too.
import { mkdir, open, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { systemCode } from '../../base/errors.ts'

/** Readable by their owner only. */
export const fileMode = 0o600
export const folderMode = 0o700

/** Makes the folder and what is missing above it; durable once it answers. */
export async function makeFolder(path: string): Promise<void> {
  if (await isFolder(path)) return
  const parent = dirname(path)
  // Not by `recursive`, which never ends where a folder is there and takes none: in /proc.
  if (parent !== path) await makeFolder(parent)
  try {
    await mkdir(path, { mode: folderMode })
  } catch (thrown) {
    const isMadeMeanwhile = systemCode(thrown) === 'EEXIST' && (await isFolder(path))
    if (!isMadeMeanwhile) throw thrown
  }
  await syncFolder(parent)
}

async function isFolder(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory()
  } catch {
    return false
  }
}

export async function syncFolder(path: string): Promise<void> {
  // Windows opens no folders, and makes their entries durable itself.
  if (process.platform === 'win32') return
  const handle = await open(path, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}
