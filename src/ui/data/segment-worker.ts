// The worker that fetches and decodes segments, so that the page stays responsive.
import { decodeSegment } from './decode-segment.ts'
import { createRecordingLoader } from './load-recordings.ts'
import type { LoadRequest, WorkerMessage } from './segment-worker-protocol.ts'
import { authorized, sendRequest } from './send-request.ts'
import { transferablesOf } from './transfer-recording.ts'

const scope = globalThis as unknown as {
  onmessage: (event: MessageEvent<LoadRequest>) => void
  postMessage(message: WorkerMessage, transfer?: Transferable[]): void
}

const loader = createRecordingLoader(async (url, authorization) => {
  const response = await sendRequest('GET', new URL(url), authorized({}, authorization))
  return new Uint8Array(await response.arrayBuffer())
}, decodeSegment)

scope.onmessage = async ({ data }) => {
  const loaded = await loader.load(data, progress => scope.postMessage({ type: 'progress', ...progress }))
  const buffers = [...loaded.recordings.values()].flatMap(transferablesOf)
  scope.postMessage({ type: 'loaded', ...loaded }, buffers)
}
