import { writeFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { setEnvironmentData } from 'node:worker_threads'
import { messageOf } from '../base/errors.ts'
import type { WritableSpan } from '../otlp/write-traces.ts'
import type { AttributeMap } from '../otlp/protobuf-writer.ts'
import { exceptionAttributes } from './console-capture.ts'
import { readOtelEndpoints } from './destinations.ts'
import { watchExits } from './exits.ts'
import { spansNotYetExported } from './finished-spans.ts'
import type { LogCapture } from './log-capture.ts'
import type { Settings } from './options.ts'
import { packageVersion } from './package-version.ts'
import type { RecordSink } from './record-sink.ts'
import {
  announceIdentity,
  createIdentity,
  mergeSdkResource,
  type Identity,
  type SdkResource
} from './resource.ts'
import { registeredSdkResource, whenSdkResource } from './sdk-resource.ts'
import { createSender } from './sender.ts'
import { channelName, threadDataKey } from './sender-protocol.ts'
import { startThreadSources } from './thread-sources.ts'
import { tracesDeclined, tracesHint } from './traces-hint.ts'

export interface RunningSources {
  readonly hasSdk: boolean
  readonly logs: LogCapture
  /** Takes spans that no exporter of the program's takes. */
  spans(spans: WritableSpan[]): void
  /** An SDK is still to come: nothing leaves before it has said who this process is. */
  expectSdk(): void
  stop(): Promise<void>
}

let tracesHintGiven = false

/** How long an SDK may take, once the event loop turns, to say who this process is: where none, and where one is expected. */
const sdkTimeoutMs = 1000
const expectedSdkTimeoutMs = 20_000
/** For what is printed by listeners of `exit` that run after ours. */
const lateLogsLimitMs = 300
const queueLimitBytes = 20 * 1024 * 1024

/** Records the main thread, and is what the program's worker threads send through. */
export function startProcessRecorder(settings: Settings): RunningSources {
  const { env } = process
  const runFolder = env.MICROLOG_RUN_FOLDER
  const identity = createIdentity(settings, env, claimInstance(env))
  const destinations = {
    server: settings.server,
    otlpUrl: settings.otlpUrl,
    ingestKey: settings.ingestKey,
    otel: readOtelEndpoints(env)
  }
  const recall = announceIdentity(identity, env)
  env.MICROLOG_PARENT_ID = identity.instanceId
  const channel = channelName(identity.instanceId)
  const tellThreads = (identity: Identity): void => setEnvironmentData(threadDataKey, { channel, identity })
  tellThreads(identity)
  const notices = identity.parentId === undefined
  const notice = (line: string): void => {
    if (notices) writeLine(`microlog: ${line}`)
  }
  const sender = createSender({
    destinations,
    version: packageVersion,
    statusIntervalMs: settings.statusIntervalMs,
    memoryIntervalMs: settings.memoryIntervalMs,
    channel,
    notices,
    queueLimitBytes,
    flushLimitMs: settings.exitLimitMs
  })
  sender.assumeResource(identity.attributes)
  if (settings.statuses) sender.measure(true)
  for (const complaint of settings.complaints) notice(complaint)

  let settled = false
  let hasSdk = false
  const settle = (sdk: SdkResource | undefined): void => {
    if (settled) return
    settled = true
    hasSdk = sdk !== undefined
    const attributes = sdk === undefined ? identity.attributes : mergeSdkResource(identity, sdk)
    if (hasSdk) recall()
    if (typeof attributes['service.instance.id'] === 'string') {
      env.MICROLOG_PARENT_ID = attributes['service.instance.id']
      tellThreads({
        ...identity,
        attributes: { ...identity.attributes, 'service.instance.id': attributes['service.instance.id'] }
      })
    }
    sender.setResource(attributes)
    if (runFolder) noteForRun(runFolder, attributes, hasSdk)
    else if (!hasSdk && !tracesHintGiven && !tracesDeclined(env)) {
      tracesHintGiven = true
      notice(tracesHint)
    }
  }
  const stopWaiting = whenSdkResource(settle)
  const settleAfter = (ms: number): NodeJS.Timeout =>
    setTimeout(() => settle(registeredSdkResource()), ms).unref()
  let timer = settleAfter(sdkTimeoutMs)

  let ended = false
  const sink: RecordSink = {
    ...sender,
    log(record) {
      sender.log(record)
      // What the program says after our last flush: each line by itself, as long as that isn't felt.
      if (ended && performance.now() < lateLogsUntilMs) sender.flushNow()
    }
  }
  let lateLogsUntilMs = 0
  const sources = startThreadSources({ settings, sink, threadId: 0, onFailure: notice })

  const end = (): void => {
    ended = true
    clearTimeout(timer)
    stopWaiting()
    settle(registeredSdkResource())
    sources.finish()
    sender.measure(false)
  }
  const stopWatching = watchExits({
    onExit() {
      // Stopped, and the last of it may still be on its way.
      if (ended) return sender.flushNow()
      end()
      sender.spans(spansNotYetExported())
      sender.flushNow()
      lateLogsUntilMs = performance.now() + lateLogsLimitMs
    },
    onUncaught(error) {
      sources.logs.record({
        severity: 'FATAL',
        body: error instanceof Error ? String(error.stack ?? error) : `Uncaught ${messageOf(error)}`,
        attributes: exceptionAttributes([error]),
        below: undefined
      })
    }
  })
  return {
    get hasSdk() {
      return hasSdk
    },
    logs: sources.logs,
    spans: spans => sender.spans(spans),
    expectSdk() {
      clearTimeout(timer)
      timer = settleAfter(expectedSdkTimeoutMs)
    },
    async stop() {
      if (ended) return
      sources.stop()
      end()
      recall()
      restoreParent(env, identity.parentId)
      setEnvironmentData(threadDataKey, undefined)
      await sender.flush()
      stopWatching()
      sender.close()
    }
  }
}

function restoreParent(env: NodeJS.ProcessEnv, parentId: string | undefined): void {
  if (parentId === undefined) delete env.MICROLOG_PARENT_ID
  else env.MICROLOG_PARENT_ID = parentId
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
      JSON.stringify({ namespace, name, instance, parent, traces, pid: process.pid })
    )
  } catch (error) {
    writeLine(`microlog: could not tell the recording's id: ${messageOf(error)}`)
  }
}

function writeLine(line: string): void {
  try {
    writeSync(2, `${line}\n`)
  } catch (error) {
    // A closed or full stderr is not ours to mend.
    void messageOf(error)
  }
}
