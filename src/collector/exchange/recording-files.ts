import { open } from 'node:fs/promises'
import { MicrologError, systemCode } from '../../base/errors.ts'
import { openRecording } from '../../format/index.ts'
import type { RecordingFile } from '../../format/index.ts'
import { memorySource } from '../../format/memory-source.ts'
import { isRecordingId } from '../store/recording-id.ts'
import type { Library } from '../query/library.ts'
import { nodeCodec } from '../store/node-codec.ts'

/** What who misses a recording may not know. */
export const openElsewhere = 'What a running collector took within the last seconds is on its screens first.'

export interface NamedRecording {
  /** Its id in the store; for a file what the file says, '' where it says nothing. */
  id: string
  files: RecordingFile[]
  /** What people know a file by: its segment's id, or its path. */
  nameOf(file: RecordingFile): string
}

/** What a person means by ID|FILE: all segments of a recording in the store, or the one of a .microlog file. */
export async function findRecordingFiles(
  idOrFile: string,
  library: () => Promise<Library>
): Promise<NamedRecording> {
  const fromFile = await openMicrologFile(idOrFile)
  if (fromFile) {
    return { id: fromFile.footer.meta.recording, files: [fromFile], nameOf: () => idOrFile }
  }
  if (isRecordingId(idOrFile)) {
    const opened = await (await library()).open(idOrFile)
    const nameOf = (file: RecordingFile): string => {
      const segment = opened.find(known => known.file === file)?.segment
      return `segment ${segment?.id} of recording ${idOrFile}`
    }
    if (opened.length > 0) return { id: idOrFile, files: opened.map(({ file }) => file), nameOf }
  }
  throw new MicrologError(
    'not-found',
    `No recording and no file ${idOrFile} here: microlog ls lists the recordings. ${openElsewhere}`
  )
}

/** Undefined when there is no such file. */
async function openMicrologFile(path: string): Promise<RecordingFile | undefined> {
  const handle = await open(path, 'r').catch((thrown: unknown) => {
    if (['ENOENT', 'ENOTDIR', 'ENAMETOOLONG'].includes(systemCode(thrown))) return undefined
    throw thrown
  })
  if (!handle) return undefined
  try {
    if ((await handle.stat()).isDirectory())
      throw new MicrologError('invalid-input', `Expected a .microlog file, ${path} is a folder`)
    const bytes = new Uint8Array(await handle.readFile())
    return await openRecording(memorySource(bytes), nodeCodec)
  } finally {
    await handle.close()
  }
}
