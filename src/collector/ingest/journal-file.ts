import { open, unlink } from 'node:fs/promises'
import { dirname } from 'node:path'
import { fileMode, syncFolder } from '../store/durable-folder.ts'

/** A file that only grows. */
export interface JournalFile {
  /** All of the parts, or an error: then what follows the last synced byte is unknown. */
  append(parts: Uint8Array[]): Promise<void>
  /** What was appended is on the disk once it answers. Never called again after it failed. */
  sync(): Promise<void>
  truncate(length: number): Promise<void>
  close(): Promise<void>
}

export type OpenJournalFile = (path: string) => Promise<JournalFile>

/** Creates the file; its name is durable once it answers. */
export async function openJournalFile(path: string): Promise<JournalFile> {
  const handle = await open(path, 'wx', fileMode)
  try {
    await syncFolder(dirname(path))
  } catch (thrown) {
    await handle.close()
    // A name that may not last; where it can't be taken back either, an empty file stays.
    await unlink(path).catch(() => undefined)
    throw thrown
  }
  return {
    async append(parts) {
      const total = parts.reduce((sum, part) => sum + part.length, 0)
      const { bytesWritten } = await handle.writev(parts)
      if (bytesWritten !== total) await handle.appendFile(Buffer.concat(parts).subarray(bytesWritten))
    },
    sync: () => handle.datasync(),
    truncate: length => handle.truncate(length),
    close: () => handle.close()
  }
}
