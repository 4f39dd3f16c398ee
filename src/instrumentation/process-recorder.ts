import { writeFileSync, writeSync } from 'node:fs'
import { basename, join } from 'node:path'
import type { WritableSpan } from '../otlp/write-traces.ts'
import type { AttributeMap } from '../otlp/protobuf-writer.ts'
import { recordChildren, type Parent } from './children/recorded-children.ts'
import { createRedactor, patternsOf } from './logs/redaction.ts'
import { uncaughtCall } from './logs/uncaught-call.ts'
import { readOtelEndpoints } from './send/destinations.ts'
import { watchExits } from './exits.ts'
import { followStarter } from './spans/starter.ts'
import { spansNotYetExported } from './spans/finished-spans.ts'
import type { LogCapture } from './logs/log-capture.ts'
import type { Settings } from './options.ts'
import { noticeOnce, reasonOf } from './notice.ts'
import { packageVersion } from './own-files.ts'
import type { RecordSink } from './record-sink.ts'
import { announceIdentity, createIdentity, mergeSdkResource, type SdkResource } from './identity/resource.ts'
import { registeredSdkResource, whenSdkResource } from './identity/sdk-resource.ts'
import { createSender } from './send/sender.ts'
import { channelName } from './send/sender-protocol.ts'
import { tellThreads, type ThreadData } from './threads/thread-data.ts'
import { watchThreadLives } from './threads/thread-lives.ts'
import { startThreadSources } from './thread-sources.ts'
import { tracesDeclined, tracesHint } from './identity/traces-hint.ts'
import { clearTimeout, nowMs, setTimeout } from './real-clock.ts'

export interface RunningSources {
  /** service.instance.id of what it records. */
  readonly instanceId: string
  /** An SDK has said who this process is. */
  readonly hasSdk: boolean
  /** The file that this thread runs. */
  readonly script: string | undefined
  readonly logs: LogCapture
  /** Begins a stretch within the recording; the result tells in the log what went on in it. */
  beginReport(): (label: string) => void
  /** Takes spans that no exporter of the program's takes. */
  spans(spans: WritableSpan[]): void
  /** An SDK is still to come: nothing leaves before it has said who this process is. */
  expectSdk(): void
  /** Worker threads get an SDK from us, as this one did. */
  startSdkInThreads(): void
  /** Hands over what there is; fulfilled when that is sent, or can't be. */
  stop(): Promise<void>
}

let tracesHintGiven = false

/** How long an SDK may take, once the event loop turns, to say who this process is: where none, and where one is expected. */
const sdkTimeoutMs = 1000
const expectedSdkTimeoutMs = 20_000
/** For what is printed by listeners of `exit` that run after ours. */
const lateLogsLimitMs = 300
/** For what the program's threads have in the end; those that work on and hear nothing aren't waited for any longer. */
const threadsLimitMs = 200
const queueLimitBytes = 20 * 1024 * 1024

/**
 * Records the main thread, and is what the program's worker threads send through. `instanceId`: what it was recorded as
 * before.
 */
export function startProcessRecorder(settings: Settings, instanceId?: string): RunningSources {
  const { env } = process
  const runFolder = env.MICROLOG_RUN_FOLDER
  const identity = createIdentity(settings, env, instanceId ?? claimInstance(env))
  const destinations = {
    server: settings.server,
    otlpUrl: settings.otlpUrl,
    ingestKey: settings.ingestKey,
    otel: readOtelEndpoints(env)
  }
  const channel = channelName(identity.instanceId)
  const notices = identity.parentId === undefined
  const notice = (line: string): void => {
    if (notices) writeLine(`microlog: ${line}`)
  }
  const sender = createSender({
    destinations,
    version: packageVersion,
    script: process.argv[1],
    statusIntervalMs: settings.statusIntervalMs,
    channel,
    notices,
    queueLimitBytes,
    redact: patternsOf(settings.redact),
    flushLimitMs: settings.exitLimitMs
  })
  const announcement = announceIdentity(identity, env)
  followStarter(identity.parentId === undefined ? {} : env)
  let threadData: ThreadData = {
    channel,
    ledger: sender.ledger.memory,
    senderWords: sender.words,
    identity,
    // Functions can't be handed to a thread: starting one would fail.
    settings: { ...settings, redact: patternsOf(settings.redact) },
    startSdk: false
  }
  const changeThreadData = (news: Partial<ThreadData>): void => {
    threadData = { ...threadData, ...news }
    if (settings.workers) tellThreads(threadData)
  }
  changeThreadData({})
  sender.assumeResource(identity.attributes)
  if (settings.statuses) sender.measure(true)
  if (notices) for (const complaint of settings.complaints) noticeOnce(`microlog: ${complaint}`)

  let settled = false
  let hasSdk = false
  let parent: Parent = {
    instanceId: identity.instanceId,
    serviceName: String(identity.attributes['service.name'])
  }
  const settle = (sdk: SdkResource | undefined): void => {
    if (settled) return
    settled = true
    hasSdk = sdk !== undefined
    const attributes =
      sdk === undefined
        ? identity.attributes
        : mergeSdkResource(identity, sdk, createRedactor(settings.redact))
    if (hasSdk) announcement.recall()
    const { 'service.instance.id': instanceId, 'service.name': serviceName } = attributes
    parent = { instanceId: String(instanceId), serviceName: String(serviceName) }
    changeThreadData({
      identity: {
        ...identity,
        instanceId: parent.instanceId,
        attributes: { ...identity.attributes, 'service.instance.id': parent.instanceId }
      }
    })
    sender.setResource(attributes)
    if (runFolder) noteForRun(runFolder, attributes, hasSdk)
    else if (!hasSdk && !tracesHintGiven && !tracesDeclined(env)) {
      tracesHintGiven = true
      notice(tracesHint.join(' '))
    }
  }
  const stopWaiting = whenSdkResource(settle)
  const stopChildren = recordChildren(settings, announcement, () => parent)
  const settleAfter = (ms: number): NodeJS.Timeout =>
    setTimeout(() => settle(registeredSdkResource()), ms).unref()
  let timer = settleAfter(sdkTimeoutMs)

  let ended = false
  const sink: RecordSink = {
    ...sender,
    logCall(log) {
      sender.logCall(log)
      // What the program says after our last flush: each line by itself, as long as that isn't felt.
      if (ended && nowMs() < lateLogsUntilMs) sender.flushNow()
    }
  }
  let lateLogsUntilMs = 0
  const sources = startThreadSources({ settings, sink, threadId: 0, onFailure: notice })
  const lives = settings.workers
    ? watchThreadLives({ data: () => threadData, unixUs: sources.unixUs, onStatuses: sink.statuses })
    : undefined

  const end = (): void => {
    ended = true
    clearTimeout(timer)
    stopWaiting()
    settle(registeredSdkResource())
    lives?.stop()
    sources.finish()
    sender.measure(false)
  }
  const stopWatching = watchExits({
    onExit() {
      // Stopped, and the last of it may still be on its way.
      if (ended) return sender.flushNow()
      lives?.finishAll(Math.min(threadsLimitMs, settings.exitLimitMs))
      end()
      sender.spans(spansNotYetExported())
      sender.flushNow()
      lateLogsUntilMs = nowMs() + lateLogsLimitMs
    },
    onUncaught(error, handled) {
      sources.logs.record(uncaughtCall(error, handled))
    }
  })
  return {
    instanceId: identity.instanceId,
    get hasSdk() {
      return hasSdk
    },
    script: process.argv[1],
    logs: sources.logs,
    beginReport: sources.beginReport,
    spans: spans => sender.spans(spans),
    expectSdk() {
      clearTimeout(timer)
      timer = settleAfter(expectedSdkTimeoutMs)
    },
    startSdkInThreads: () => changeThreadData({ startSdk: true }),
    async stop() {
      if (ended) return
      sources.stop()
      end()
      stopChildren()
      announcement.recall()
      tellThreads(undefined)
      // Unlike at the end of the process nobody is held up.
      await lives?.stopAll(settings.exitLimitMs)
      await sender.flush()
      stopWatching()
      await sender.close()
    }
  }
}

/** `microlog run` chooses the id of the process it starts; that process's children get ids of their own. */
function claimInstance(env: NodeJS.ProcessEnv): string | undefined {
  const instanceId = env.MICROLOG_INSTANCE_ID
  delete env.MICROLOG_INSTANCE_ID
  if (!instanceId || !env.MICROLOG_RUN_FOLDER) return instanceId || undefined
  try {
    // Of several processes started with the same environment, one is the first.
    writeFileSync(join(env.MICROLOG_RUN_FOLDER, 'claimed'), '', { flag: 'wx' })
    return instanceId
  } catch {
    return undefined
  }
}

/** Tells `microlog run` which recording this process makes. */
function noteForRun(folder: string, attributes: AttributeMap, traces: boolean): void {
  const [namespace, name, instance] = ['service.namespace', 'service.name', 'service.instance.id'].map(key =>
    String(attributes[key] ?? '')
  )
  const parent = String(attributes['microlog.parent.id'] ?? '')
  try {
    writeFileSync(
      join(folder, `${process.pid}.json`),
      JSON.stringify({
        namespace,
        name,
        instance,
        parent,
        traces,
        pid: process.pid,
        script: basename(process.argv[1] ?? '')
      })
    )
  } catch (error) {
    writeLine(`microlog: could not tell the recording's id: ${reasonOf(error)}`)
  }
}

function writeLine(line: string): void {
  try {
    writeSync(2, `${line}\n`)
  } catch {
    // A closed or full stderr is not ours to mend.
  }
}
