// With nothing but `--import microlog/register`, the application's own copy of the OpenTelemetry SDK is started for it.
// An application that sets one up by itself must keep its own: that shows in its files, which are looked through for
// imports of an SDK, or of a package that depends on one, before it runs.
import { readFileSync, statSync } from 'node:fs'
import { createRequire, syncBuiltinESMExports } from 'node:module'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import type * as OpenTelemetryApi from '@opentelemetry/api'
import { isOwnFile } from '../own-files.ts'
import { tracesDeclined } from './traces-hint.ts'
import { writableSpan, type FinishedSpan } from '../spans/finished-spans.ts'
import type { WritableSpan } from '../../otlp/write-traces.ts'

const setsUpAnSdk =
  /['"]@opentelemetry\/(?:sdk-|auto-instrumentations|node-sdk)|['"](?:dd-trace|@sentry\/node|elastic-apm-node)/
const otherTracer = /\b(?:dd-trace|@sentry\/node|elastic-apm-node|newrelic)\b/
const imported = /(?:from|import|require\()\s*\(?\s*['"]([^'"\n]{1,300})['"]/g
const packageName = /^(?:@[^/]+\/)?[^/]+/
const mostFiles = 300
const mostBytes = 1024 * 1024

export type SdkStart = 'started' | 'not installed' | 'not wanted' | 'left to the application'

/** Where an SDK's spans go that this started: straight into the sender, so that no way out loses them. */
export interface SpanTaker {
  spans(spans: WritableSpan[]): void
}

export function startApplicationSdk(taker: SpanTaker, script: string | undefined): SdkStart {
  if (tracesDeclined(process.env)) return 'not wanted'
  // It traces in a way of its own, and two would patch the same modules.
  if (preloads().some(name => otherTracer.test(name))) return 'not wanted'
  if (telemetryOf(script) === 'an SDK') return 'left to the application'
  const require = requireOf(script)
  const sdk = optional(require, '@opentelemetry/sdk-node') as Sdk | undefined
  if (typeof sdk?.NodeSDK !== 'function') return 'not installed'
  startSdk(sdk, {
    instrumentations: installedInstrumentations(require),
    spanProcessors: [createSpanHandover(taker)]
  })
  // What is patched when it is required reaches those who import it, too.
  for (const name of ['node:http', 'node:https']) require(name)
  syncBuiltinESMExports()
  return 'started'
}

/** For a worker thread, that would feel the whole SDK: spans only, and only where its files make some. */
export function startThreadSdk(taker: SpanTaker, script: string | undefined): SdkStart {
  if (tracesDeclined(process.env)) return 'not wanted'
  const found = telemetryOf(script)
  if (found !== 'the API') return found === 'an SDK' ? 'left to the application' : 'not wanted'
  registerTracerProvider(requireOf(script), { spanProcessors: [createSpanHandover(taker)] })
  return 'started'
}

function registerTracerProvider(ofScript: NodeJS.Require, configuration: Record<string, unknown>): void {
  const entry = ofScript.resolve('@opentelemetry/sdk-node')
  const part = createRequire(entry)
  if (isLine2(entry)) {
    const { NodeTracerProvider } = part('@opentelemetry/sdk-trace-node') as {
      NodeTracerProvider: new (configuration: object) => { register(): void }
    }
    return new NodeTracerProvider(configuration).register()
  }
  // From 3.x on only the whole SDK, which takes three times as long to load, reads that variable.
  if (process.env.OTEL_TRACES_SAMPLER) return startSdk(part('@opentelemetry/sdk-node') as Sdk, configuration)
  const { context, propagation, trace } = part('@opentelemetry/api') as typeof OpenTelemetryApi
  const { AsyncLocalStorageContextManager } = part('@opentelemetry/context-async-hooks') as {
    AsyncLocalStorageContextManager: new () => OpenTelemetryApi.ContextManager
  }
  const { CompositePropagator, W3CTraceContextPropagator, W3CBaggagePropagator } = part(
    '@opentelemetry/core'
  ) as Record<string, new (configuration?: object) => OpenTelemetryApi.TextMapPropagator>
  const { TracerProvider } = part('@opentelemetry/sdk-trace') as {
    TracerProvider: new (configuration: object) => OpenTelemetryApi.TracerProvider
  }
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable())
  const propagators = [new W3CTraceContextPropagator!(), new W3CBaggagePropagator!()]
  propagation.setGlobalPropagator(new CompositePropagator!({ propagators }))
  trace.setGlobalTracerProvider(new TracerProvider(configuration))
}

/** By what it depends on: further up, another line may be installed for somebody else. */
function isLine2(entry: string): boolean {
  const [root] = /^.*[\\/]sdk-node(?=[\\/])/.exec(entry) ?? ['']
  return readSource(join(root, 'package.json')).includes('"@opentelemetry/sdk-trace-node"')
}

/** Without figures and logs: these are recorded already. */
function startSdk({ NodeSDK }: Sdk, configuration: Record<string, unknown>): void {
  new NodeSDK!({ ...configuration, metricReaders: [], logRecordProcessors: [] }).start()
}

/** What an SDK makes of a `traceExporter`; undefined where the application's own SDK can't be found. */
export function batchSpanProcessor(exporter: object, script = process.argv[1]): object | undefined {
  const require = requireOf(script)
  const sdk = optional(require, '@opentelemetry/sdk-node') as { tracing?: BatchProcessors } | undefined
  if (sdk === undefined) return undefined
  const ofLine2 = sdk.tracing?.BatchSpanProcessor
  if (ofLine2 !== undefined) return new ofLine2(exporter)
  const parts = createRequire(require.resolve('@opentelemetry/sdk-node'))
  const ofLine3 = (optional(parts, '@opentelemetry/sdk-trace') as BatchProcessors | undefined)
    ?.BatchSpanProcessor
  return ofLine3 && new ofLine3({ exporter })
}

/** From 3.x on the exporter is one of its options. */
interface BatchProcessors {
  BatchSpanProcessor?: new (exporter: object) => object
}

function requireOf(script: string | undefined): NodeJS.Require {
  return createRequire(script === undefined ? join(process.cwd(), 'index.js') : resolve(script))
}

interface Sdk {
  NodeSDK?: new (configuration: Record<string, unknown>) => { start(): void }
}

/** Values of --import, --require and -r. */
function preloadedModules(words: readonly string[]): string[] {
  return words.flatMap((word, i) => {
    const joined = /^(?:--import|--require|-r)=(.+)$/.exec(word)
    if (joined) return [joined[1]!]
    const next = words[i + 1]
    return /^(?:--import|--require|-r)$/.test(word) && next !== undefined ? [next] : []
  })
}

function preloads(): string[] {
  return preloadedModules([...process.execArgv, ...(process.env.NODE_OPTIONS ?? '').split(/\s+/)])
}

/** What is imported by the program's own files, and by what is preloaded. */
function telemetryOf(script: string | undefined): 'an SDK' | 'the API' | 'nothing' {
  const preloaded = preloads()
  // pnpm names the folder that we are in after our peers.
  if (preloaded.some(name => name.includes('opentelemetry') && !isOwnFile(name))) return 'an SDK'
  const seen = new Set([...preloaded, ...(script === undefined ? [] : [script])].flatMap(fileOf))
  let usesApi = false
  // A set goes on with what is added while it is walked.
  for (const file of seen) {
    if (seen.size > mostFiles) return 'an SDK'
    if (isOwnFile(file)) continue
    const text = readSource(file)
    if (setsUpAnSdk.test(text)) return 'an SDK'
    for (const [, name = ''] of text.matchAll(imported)) {
      if (name === '@opentelemetry/api') usesApi = true
      if (/^\.{1,2}\//.test(name)) for (const found of fileOf(resolve(dirname(file), name))) seen.add(found)
      else if (dependsOnAnSdk(name, file)) return 'an SDK'
    }
  }
  return usesApi ? 'the API' : 'nothing'
}

/** Telemetry is often set up by a package of the house. */
function dependsOnAnSdk(name: string, from: string): boolean {
  const wanted = packageName.exec(name)?.[0]
  if (wanted === undefined || wanted === ownName || /^(?:node:|@opentelemetry\/)/.test(name)) return false
  const folders = createRequire(from).resolve.paths(wanted) ?? []
  for (const folder of folders) {
    const text = readSource(join(folder, wanted, 'package.json'))
    if (text !== '') return /"@opentelemetry\/sdk-(?:node|trace)/.test(text)
  }
  return false
}

const ownName = 'microlog'
const endings = ['', '.js', '.mjs', '.cjs', '.ts', '.mts', '/index.js', '/index.ts']

function fileOf(name: string): string[] {
  const path = name.startsWith('file:') ? fileURLToPath(name) : resolve(name)
  const candidates = endings.map(ending => path + ending)
  const found = candidates.find(file => statSync(file, { throwIfNoEntry: false })?.isFile())
  return found === undefined ? [] : [found]
}

function readSource(file: string): string {
  try {
    return statSync(file).size > mostBytes ? '' : readFileSync(file, 'utf8')
  } catch {
    // Node will say so itself, should the program need it.
    return ''
  }
}

/** What makes spans of requests, where the application has it installed. */
function installedInstrumentations(require: NodeJS.Require): unknown[] {
  const known = [
    ['@opentelemetry/instrumentation-http', 'HttpInstrumentation'],
    ['@opentelemetry/instrumentation-undici', 'UndiciInstrumentation']
  ] as const
  return known.flatMap(([name, exported]) => {
    const Instrumentation = (optional(require, name) as Record<string, unknown> | undefined)?.[exported]
    return typeof Instrumentation === 'function' ? [Reflect.construct(Instrumentation, [])] : []
  })
}

function optional(require: NodeJS.Require, name: string): unknown {
  try {
    return require(name)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'MODULE_NOT_FOUND') return undefined
    throw error
  }
}

/** A span processor of both SDK lines. */
function createSpanHandover(taker: SpanTaker): object {
  return {
    onStart() {},
    onEnd(span: FinishedSpan) {
      if ((span.spanContext().traceFlags & 1) === 1) taker.spans([writableSpan(span)])
    },
    forceFlush: () => Promise.resolve(),
    shutdown: () => Promise.resolve()
  }
}
