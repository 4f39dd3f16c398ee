// The page's side of the decoding worker. One loader belongs to one page: it ends with it.
import type { RecordingLoader } from './load-recordings.ts'
import type { WorkerMessage } from './segment-worker-protocol.ts'
import { startSegmentWorker } from './start-worker.ts'
import { freezeRecording } from './transfer-recording.ts'

export interface SegmentLoader extends RecordingLoader {
  close(): void
}

export function createSegmentLoader(): SegmentLoader {
  const worker = startSegmentWorker()
  return {
    load(request, onProgress) {
      return new Promise((resolve, reject) => {
        worker.onmessage = ({ data }: MessageEvent<WorkerMessage>) => {
          if (data.type === 'progress') return onProgress(data)
          for (const recording of data.recordings.values()) freezeRecording(recording)
          resolve(data)
        }
        worker.onerror = event => {
          event.preventDefault()
          reject(new Error(event.message || 'The decoding worker could not be started'))
        }
        worker.postMessage(request)
      })
    },
    close: () => worker.terminate()
  }
}
