import { getEnvironmentData, threadId } from 'node:worker_threads'
import type { Settings } from './options.ts'
import type { RunningSources } from './process-recorder.ts'
import { announceIdentity } from './resource.ts'
import { createThreadSink } from './sender.ts'
import { threadDataKey, type ThreadData } from './sender-protocol.ts'
import { startThreadSources } from './thread-sources.ts'

/** Records a worker thread as a thread of its process, whose sender takes what it hands over. */
export function startWorkerRecorder(settings: Settings): RunningSources | undefined {
  const data = getEnvironmentData(threadDataKey) as ThreadData | undefined
  // Its main thread isn't recorded.
  if (data === undefined) return undefined
  // A set-up that the thread loads too starts an SDK of its own here: its spans belong to the same recording.
  announceIdentity(data.identity, process.env)
  const sink = createThreadSink(data.channel)
  const sources = startThreadSources({ settings, sink, threadId, onFailure: () => {} })
  const stop = (): Promise<void> => {
    sources.stop()
    sink.flush()
    return Promise.resolve()
  }
  process.once('exit', () => void stop())
  return { hasSdk: true, logs: sources.logs, spans: sink.spans, expectSdk() {}, stop }
}
