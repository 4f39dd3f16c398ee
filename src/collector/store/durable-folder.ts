// Folders and their entries made durable: a file is safe only once its folder is synced, too.
import { mkdir, open } from 'node:fs/promises'
import { dirname } from 'node:path'

/** Readable by their owner only. */
export const fileMode = 0o600
export const folderMode = 0o700

/** Makes the folder and what is missing above it; durable once it answers. */
export async function makeFolder(path: string): Promise<void> {
  const first = await mkdir(path, { recursive: true, mode: folderMode })
  if (first === undefined) return
  for (let folder = path; folder.length >= first.length; folder = dirname(folder)) {
    await syncFolder(dirname(folder))
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
