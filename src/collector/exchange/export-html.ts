// A recording as one page that needs no collector: the built screens with its bytes in them.
import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { MicrologError } from '../../base/errors.ts'
import { writeHtml } from '../../convert/write-html.ts'
import { openRecording } from '../../format/index.ts'
import { memorySource } from '../../format/memory-source.ts'
import { isRecordingId } from '../store/recording-id.ts'
import { summarizeRecordings } from '../query/recording-summaries.ts'
import { nodeCodec } from '../store/node-codec.ts'

/** dist/copy, seen from dist/collector/exchange and from src/collector/exchange. */
const builtPage = fileURLToPath(
  new URL(
    import.meta.url.endsWith('.ts') ? '../../../dist/copy/index.html' : '../../copy/index.html',
    import.meta.url
  )
)

/** For files that name no recording: the addresses in the page need an id. */
const anyId = '0'.repeat(26)

/** @param bytes of the recording as one .microlog file */
export async function exportHtml(bytes: Uint8Array): Promise<Iterable<Uint8Array>> {
  const { footer } = await openRecording(memorySource(bytes), nodeCodec)
  const named = footer.meta.recording
  const recording = isRecordingId(named) ? named : anyId
  const detail = summarizeRecordings([{ recording, bytes: bytes.length, footer }])[0]!
  return writeHtml(await readPage(), { title: detail.label, detail, bytes })
}

async function readPage(): Promise<string> {
  try {
    return await readFile(builtPage, 'utf8')
  } catch (cause) {
    throw new MicrologError('unavailable', 'The page for copies is not built: run npm run build first', {
      cause
    })
  }
}
