// The main thread and two workers sample themselves; then workers end in every way while they are being sampled.
import { isMainThread, parentPort, threadId, Worker, workerData } from 'node:worker_threads'
import { context, trace } from '@opentelemetry/api'
import { createProfiler } from '../../../dist/instrumentation/profile/profiler.js'

const ways = ['return', 'throw', 'exit', 'terminate']

function burn(name, ms) {
  const body = `const end = performance.now() + ms; let x = 0
    while (performance.now() < end) for (let i = 0; i < 500; i++) x += Math.sqrt(i)`
  new Function(`return function ${name}(ms) { ${body} }`)()(ms)
}

async function record(name) {
  const { NodeSDK } = await import('@opentelemetry/sdk-node')
  const profiles = []
  const profiler = createProfiler({
    intervalUs: 1000,
    linking: true,
    onProfile: profile => profiles.push(profile)
  })
  profiler.start()
  new NodeSDK({
    spanProcessors: [{ onStart() {}, onEnd() {}, forceFlush: async () => {}, shutdown: async () => {} }],
    metricReaders: [],
    logRecordProcessors: []
  }).start()
  const spanId = await trace.getTracer('worker-threads').startActiveSpan(name, async span => {
    await new Promise(go => setTimeout(go, 5))
    burn(name, 300)
    profiler.markLog(`log of ${name}`, span)
    span.end()
    return span.spanContext().spanId
  })
  await context.with(context.active(), () => new Promise(go => setTimeout(go, 20)))
  profiler.stop()
  return { backend: profiler.backendName, threadId: isMainThread ? 0 : threadId, spanId, profiles }
}

if (isMainThread) {
  const messages = ['first', 'second'].map(name => {
    const worker = new Worker(new URL(import.meta.url), { name, workerData: { name } })
    return new Promise((go, fail) => worker.once('message', go).once('error', fail))
  })
  const recorded = [await record('main'), ...(await Promise.all(messages))]
  const threads = recorded.map(({ profiles, ...thread }) => ({ ...thread, ...seenIn(profiles) }))
  const ends = []
  for (let i = 0; i < 3 * ways.length; i++) {
    const way = ways[i % ways.length]
    const worker = new Worker(new URL(import.meta.url), { workerData: { way } })
    worker.on('error', () => {})
    if (way === 'terminate') worker.once('online', () => setTimeout(() => worker.terminate(), 30))
    ends.push(await new Promise(go => worker.once('exit', code => go({ way, code }))))
  }
  process.stdout.write(JSON.stringify({ threads, ends }))
} else if (workerData.name !== undefined) {
  parentPort.postMessage(await record(workerData.name))
} else {
  createProfiler({ intervalUs: 1000, linking: true, onProfile() {} }).start()
  burn('ending', 20)
  if (workerData.way === 'throw') throw new Error('as planned')
  if (workerData.way === 'exit') process.exit(3)
  if (workerData.way === 'terminate') setInterval(() => burn('ending', 5), 6)
}

/** Which named functions were seen, and on which span. */
function seenIn(profiles) {
  const seen = {}
  for (const { wall, stacks, frames, links } of profiles) {
    wall.stack.forEach((leaf, i) => {
      for (let row = leaf; row >= 0; row = stacks.parent[row]) {
        const name = frames.functionName[stacks.frame[row]]
        if (['main', 'first', 'second'].includes(name))
          (seen[name] ??= []).push(links[wall.link[i]]?.spanId ?? null)
      }
    })
  }
  const [profile] = profiles
  return { seen, threadName: profile.threadName, profileThreadId: profile.threadId, logs: profile.logs.uid }
}
