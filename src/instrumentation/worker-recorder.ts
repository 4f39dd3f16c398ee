import { basename } from 'node:path'
import * as threads from 'node:worker_threads'
import { watchExits } from './exits.ts'
import { recordChildren } from './children/recorded-children.ts'
import { announceIdentity } from './identity/resource.ts'
import { keepInstance } from './identity/sdk-resource.ts'
import { uncaughtCall } from './logs/uncaught-call.ts'
import type { RunningSources } from './process-recorder.ts'
import type { RecordSink } from './record-sink.ts'
import { createThreadSink } from './send/sender.ts'
import {
  threadClockMs,
  tellThreads,
  threadData,
  threadWord,
  type ThreadLaunch
} from './threads/thread-data.ts'
import { onOrder } from './threads/thread-orders.ts'
import { followStarter } from './spans/starter.ts'
import { watchThreadLives } from './threads/thread-lives.ts'
import { startThreadSources } from './thread-sources.ts'

/** Of this thread; told once, when it starts. */
let ownLaunch: ThreadLaunch | undefined

/** Records a worker thread as a thread of its process, whose sender takes what it hands over. */
export function startWorkerRecorder(): RunningSources | undefined {
  const known = threadData()
  // Its main thread isn't recorded, or its threads aren't.
  if (known === undefined) return undefined
  const { launch = ownLaunch, ...data } = known
  ownLaunch = launch
  // What is told of this thread isn't true of those it starts.
  tellThreads(data)
  if (launch !== undefined) process.execArgv = launch.execArgv
  const words = launch?.words
  // Recorded before, and ended.
  if (words !== undefined) Atomics.store(words, threadWord.finished, 0)
  // A set-up that the thread loads too starts an SDK of its own here: its spans belong to the same recording.
  const announcement = announceIdentity(data.identity, process.env)
  if (launch !== undefined) followStarter(launch.trace)
  const { instanceId, attributes } = data.identity
  const parent = { instanceId, serviceName: String(attributes['service.name']) }
  const stopChildren = recordChildren(data.settings, announcement, () => parent)
  const stopKeeping = keepInstance(data.identity)

  const outbox = createThreadSink(data)
  let ended = false
  const sink: RecordSink = {
    ...outbox,
    logCall(log) {
      outbox.logCall(log)
      // What the program says after our last flush.
      if (ended) outbox.flush()
    },
    profile(profile) {
      outbox.profile(profile)
      outbox.flush()
      if (words !== undefined) Atomics.store(words, threadWord.handedOver, threadClockMs())
    }
  }
  const sources = startThreadSources({
    settings: data.settings,
    sink,
    threadId: threads.threadId,
    threadName: launch?.name ?? ownName(),
    onFailure: () => {}
  })
  const lives = watchThreadLives({ data: () => data, unixUs: sources.unixUs, onStatuses: sink.statuses })

  const finish = (): void => {
    if (ended) return
    ended = true
    lives.stop()
    stopKeeping()
    stopChildren()
    announcement.recall()
    stopHearing()
    sources.finish()
    outbox.finish()
    if (words === undefined) return
    Atomics.store(words, threadWord.finished, 1)
    Atomics.notify(words, threadWord.finished)
  }
  const stopHearing = onOrder(({ kind }) => {
    if (kind === 'finish') finish()
  })
  const stopWatching = watchExits({
    onExit: finish,
    // It ends the thread; whether the process, too, is for the main thread to tell.
    onUncaught: error => sources.logs.record(uncaughtCall(error, true))
  })
  return {
    instanceId,
    hasSdk: !data.startSdk,
    script: launch?.script,
    logs: sources.logs,
    beginReport: sources.beginReport,
    spans: outbox.spans,
    expectSdk() {},
    startSdkInThreads() {},
    stop() {
      sources.stop()
      finish()
      stopWatching()
      return Promise.resolve()
    }
  }
}

/** Node tells a thread its name from 22.20 and 24.6 on. */
function ownName(): string {
  const { threadName } = threads as { threadName?: string }
  return threadName || basename(process.argv[1] ?? '') || `worker-${threads.threadId}`
}
