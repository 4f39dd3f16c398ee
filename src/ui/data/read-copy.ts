// The recording that is in this page: its bytes, and what the collector told of it.
import type { RecordingDetail } from '../../collector/api.ts'
import { openRecording, webCodec } from '../../format/index.ts'
import { memorySource } from '../../format/memory-source.ts'
import type { RecordingCopy } from './copy-client.ts'

/** Elements as src/convert/write-html.ts puts them into the page. */
const detailElement = 'microlog-detail'
const bytesElement = 'microlog-recording'

export async function readCopy(page: Document): Promise<RecordingCopy> {
  const base64 = textOf(page, bytesElement)
  return {
    detail: JSON.parse(textOf(page, detailElement)) as RecordingDetail,
    file: await openRecording(memorySource(decodeBase64(base64)), webCodec),
    // A blob of a page from a disk can't be fetched by its worker.
    url: `data:application/octet-stream;base64,${base64}`
  }
}

/** Taken out: it would be kept twice. */
function textOf(page: Document, id: string): string {
  const element = page.getElementById(id)
  if (!element)
    throw new Error('There is no recording in this page: “microlog export --format html” makes one')
  element.remove()
  return element.textContent
}

function decodeBase64(text: string): Uint8Array<ArrayBuffer> {
  const binary = atob(text)
  const bytes = new Uint8Array(binary.length)
  for (let i = 0; i < binary.length; i++) bytes[i] = binary.charCodeAt(i)
  return bytes
}
