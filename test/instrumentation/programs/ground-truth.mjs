// Interleaved requests that burn CPU in functions named after the span they belong to, reached in every way a program
// goes on after a wait. Prints what the profiler made of it as JSON. Arguments: backend, interval in µs.
import { AsyncLocalStorage, AsyncResource } from 'node:async_hooks'
import { EventEmitter } from 'node:events'
import { readFile } from 'node:fs'
import { console as inspectorConsole, Session } from 'node:inspector'
import { createRequire } from 'node:module'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { deflate } from 'node:zlib'
import { trace } from '@opentelemetry/api'
import { NodeSDK } from '@opentelemetry/sdk-node'
import { createProfiler } from '../../../dist/instrumentation/profile/profiler.js'

const backend = process.argv[2]
const intervalUs = Number(process.argv[3] ?? 1000)
const requests = 24
const burnMs = 4

// The session that the inspector's backend opens: only there are profiles of one sampler.
let session
const { connect } = Session.prototype
Session.prototype.connect = function () {
  connect.call(this)
  keepSession(this)
}
function keepSession(connected) {
  session = connected
}

const profiles = []
const profiler = createProfiler({
  backend,
  intervalUs,
  linking: true,
  onProfile: profile => profiles.push(profile)
})
profiler.start()

// The same sampler once more, over the whole time: what it saw must be in the rotations.
const sampler =
  profiler.backendName === 'inspector' ? inspectorConsole : createRequire(import.meta.url)('v8-profiler-next')
if (sampler === inspectorConsole) sampler.profile('reference')
else sampler.startProfiling('reference', true, 0)

function stopReference() {
  if (sampler !== inspectorConsole) return sampler.stopProfiling('reference')
  let finished
  session.on('Profiler.consoleProfileFinished', ({ params }) => (finished = params.profile))
  sampler.profileEnd('reference')
  return finished
}

const ended = []
const keep = {
  onStart() {},
  onEnd: span => ended.push(span),
  forceFlush: async () => {},
  shutdown: async () => {}
}
const sdk = new NodeSDK({
  spanProcessors: [keep],
  instrumentations: [],
  metricReaders: [],
  logRecordProcessors: []
})
sdk.start()
const tracer = trace.getTracer('ground-truth')
const otherStorage = new AsyncLocalStorage()
const shared = new EventEmitter().setMaxListeners(0)
// Both go out of any span and come back.
const outsideResource = AsyncResource.bind(then => then?.())
const outsideSnapshot = AsyncLocalStorage.snapshot()

const ownCode = /\/dist\/instrumentation\/|\/v8-profiler-next\//

const spanOfFunction = {}
function burner(name, span) {
  spanOfFunction[name] = span.spanContext().spanId
  const body = `const end = performance.now() + ms; let x = 0
    while (performance.now() < end) for (let i = 0; i < 500; i++) x += Math.sqrt(i)
    return x`
  return new Function(`return function ${name}(ms) { ${body} }`)()
}

/** A function of its own name that logs, or does what a log call does for the profiler. */
function logFrom(name, span) {
  spanOfFunction[name] = span.spanContext().spanId
  const body = `return function ${name}() { markLog('${name}', activeSpan()) }`
  new Function('markLog', 'activeSpan', body)(profiler.markLog, () => trace.getActiveSpan())()
}

async function* numbers() {
  for (let i = 0; i < 2; i++) {
    await sleep(1)
    yield i
  }
}

const waysOn = {
  timer: () => new Promise(go => setTimeout(go, 2)),
  immediate: () => new Promise(go => setImmediate(go)),
  microtask: () => new Promise(go => queueMicrotask(go)),
  tick: () => new Promise(go => process.nextTick(go)),
  file: () => new Promise(go => readFile(fileURLToPath(import.meta.url), go)),
  zlib: () => new Promise(go => deflate(Buffer.alloc(20_000, 'x'), go)),
  thenable: () => ({ then: go => setTimeout(go, 1) })
}

async function work(prefix, span) {
  for (const [way, goOn] of Object.entries(waysOn)) {
    await goOn()
    logFrom(`${prefix}_${way}_log`, span)
    burner(`${prefix}_${way}`, span)(burnMs)
  }
  // Callbacks, without a promise in between.
  await new Promise(go => {
    setTimeout(() => {
      burner(`${prefix}_callback`, span)(burnMs)
      readFile(fileURLToPath(import.meta.url), () => {
        burner(`${prefix}_fileCallback`, span)(burnMs)
        go()
      })
    }, 1)
  })
  const own = new EventEmitter()
  own.on('go', burner(`${prefix}_emitter`, span))
  await sleep(1)
  own.emit('go', burnMs)
  shared.once(prefix, AsyncResource.bind(burner(`${prefix}_boundListener`, span)))
  for await (const i of numbers()) burner(`${prefix}_generator${i}`, span)(burnMs)
  await otherStorage.run({ prefix }, async () => {
    await sleep(1)
    burner(`${prefix}_otherStorage`, span)(burnMs)
  })
  await Promise.all([sleep(1), sleep(2)])
  outsideResource()
  burner(`${prefix}_afterResource`, span)(burnMs)
  outsideSnapshot(() => {})
  burner(`${prefix}_afterSnapshot`, span)(burnMs)
  burner(`${prefix}_all`, span)(burnMs)
}

async function request(number) {
  await tracer.startActiveSpan(`request ${number}`, async span => {
    burner(`r${number}_start`, span)(burnMs)
    const child = tracer.startActiveSpan(`child ${number}`, async childSpan => {
      burner(`r${number}_child_start`, childSpan)(burnMs)
      await work(`r${number}_child`, childSpan)
      childSpan.end()
    })
    burner(`r${number}_afterFork`, span)(burnMs)
    await work(`r${number}`, span)
    await child
    burner(`r${number}_afterChild`, span)(burnMs)
    span.end()
  })
}

const running = Array.from({ length: requests }, (_, number) => request(number))
// From outside of any span.
const ringing = setInterval(() => {
  for (const name of shared.eventNames()) shared.emit(name, burnMs)
}, 5)
const rotating = setInterval(() => profiler.rotate(), 100)
await Promise.all(running)
clearInterval(ringing)
clearInterval(rotating)

const reference = stopReference()
profiler.stop()

const rotations = profiles.map(profile => ({
  functions: Array.from(profile.wall.stack, row => namedFunction(profile, row)),
  leaves: Array.from(profile.wall.stack, row => leafName(profile, row)),
  spans: Array.from(profile.wall.link, link => spanId(profile, link)),
  endpoints: Array.from(profile.wall.endpoint, row => profile.endpoints[row] ?? null),
  times: Array.from(profile.wall.timeUnixUs),
  fromUs: profile.startUnixUs,
  toUs: profile.endUnixUs,
  logs: Array.from(profile.logs.stack, (row, i) => ({
    uid: profile.logs.uid[i],
    caller: leafName(profile, row),
    spanId: spanId(profile, profile.logs.link[i])
  })),
  spanStarts: Array.from(profile.spanStarts.stack, (row, i) => ({
    spanId: spanId(profile, profile.spanStarts.link[i]),
    stack: stackNames(profile, row)
  }))
}))
const spans = ended.map(span => ({ spanId: span.spanContext().spanId, name: span.name }))
process.stdout.write(
  JSON.stringify({
    backend: profiler.backendName,
    spans,
    spanOfFunction,
    logs: Object.keys(spanOfFunction).filter(name => name.endsWith('_log')),
    rotations,
    reference: referenceLeaves(reference)
  })
)

function spanId(profile, link) {
  return profile.links[link]?.spanId ?? null
}

function leafName(profile, row) {
  return profile.frames.functionName[profile.stacks.frame[row]]
}

function stackNames(profile, leaf) {
  const names = []
  for (let row = leaf; row >= 0; row = profile.stacks.parent[row]) names.push(leafName(profile, row))
  return names
}

/** The nearest function on the stack that belongs to a span, or null. */
function namedFunction(profile, row) {
  return stackNames(profile, row).find(name => Object.hasOwn(spanOfFunction, name)) ?? null
}

/** The samples in order of time: the leaf's name, and whether it lies in our code or in a native function called by it. */
function referenceLeaves(profile) {
  const leaves = new Map()
  function visit(id, nearestUrl) {
    const { callFrame, children = [] } = nodes.get(id)
    const url = callFrame.url || nearestUrl
    leaves.set(id, { name: callFrame.functionName, isOurs: ownCode.test(url) })
    for (const child of children) visit(child, url)
  }
  const nodes = new Map(profile.nodes.map(node => [node.id, node]))
  visit(profile.nodes[0].id, '')
  let time = profile.startTime
  const timed = profile.samples.map((id, i) => ({
    time: (time += profile.timeDeltas[i]),
    leaf: leaves.get(id)
  }))
  return timed.sort((a, b) => a.time - b.time).map(({ leaf }) => leaf)
}
