// Records itself again and again, and prints what is not as it was before: every property of what a recorder may patch,
// listeners, open handles, the environment. argv: how many times; `sdk` with a registered NodeSDK.
import { AsyncResource } from 'node:async_hooks'
import { channel } from 'node:diagnostics_channel'
import http from 'node:http'
import Module from 'node:module'
import { setTimeout as sleep } from 'node:timers/promises'
import { getEnvironmentData } from 'node:worker_threads'
import { trace, context } from '@opentelemetry/api'
import { NodeSDK } from '@opentelemetry/sdk-node'
import { start, stop } from 'microlog'
import pino from 'pino'

const [times, withSdk] = process.argv.slice(2)
const nothing = async () => {}
if (withSdk === 'sdk') {
  const processor = { onStart() {}, onEnd() {}, forceFlush: nothing, shutdown: nothing }
  new NodeSDK({ serviceName: 'left behind', spanProcessors: [processor] }).start()
}

const api = () => globalThis[Symbol.for('opentelemetry.js.api.1')]
const provider = () => trace.getTracerProvider().getDelegate?.() ?? trace.getTracerProvider()

/** What can be patched, by name; a function of what is there now. */
const watched = {
  global: () => globalThis,
  api,
  console: () => console,
  process: () => process,
  stdout: () => process.stdout,
  stderr: () => process.stderr,
  Error: () => Error,
  AsyncResource: () => AsyncResource.prototype,
  Promise: () => Promise.prototype,
  Module: () => Module,
  modules: () => Module.prototype,
  http: () => http,
  manager: () => context._getContextManager(),
  'class of manager': () => Object.getPrototypeOf(context._getContextManager()),
  'class of tracer': () => Object.getPrototypeOf(trace.getTracer('any')),
  'class of the SDK’s tracer': () => Object.getPrototypeOf(provider().getTracer('any')),
  'proxy provider': () => api()?.trace,
  pino: () => Object.getPrototypeOf(pino({ enabled: false }))
}

function snapshot() {
  const found = new Map()
  for (const [name, get] of Object.entries(watched)) {
    const object = get()
    for (const key of object === undefined ? [] : Reflect.ownKeys(object)) {
      const { value, get, set } = Object.getOwnPropertyDescriptor(object, key)
      if (name === 'process' && !['function', 'undefined'].includes(typeof value)) continue
      found.set(`${name}.${String(key)}`, value ?? get ?? set)
    }
  }
  for (const event of process.eventNames()) {
    found.set(`listeners of ${String(event)}`, process.rawListeners(event).length)
  }
  found.set('pino is listened to', channel('tracing:pino_asJson:end').hasSubscribers)
  found.set('processors', provider()._activeSpanProcessor?._spanProcessors.length)
  found.set('environment', JSON.stringify(process.env))
  found.set('data for threads', getEnvironmentData('microlog'))
  found.set('open', JSON.stringify(process.getActiveResourcesInfo().sort()))
  return found
}

function differences(before, after) {
  return [...new Set([...before.keys(), ...after.keys()])].filter(
    key => !Object.is(before.get(key), after.get(key))
  )
}

// Streams and lazy properties come into being with their first use; an SDK reads files as it starts.
console.log('before')
console.error('before')
do await sleep(5)
while (process.getActiveResourcesInfo().some(name => /^(?:FSReq|CloseReq)/.test(name)))
const before = snapshot()
for (let i = 0; i < Number(times); i++) {
  start({ label: `cycle ${i}` })
  console.log(`in ${i}`)
  await stop()
  console.log(`after ${i}`)
}
const deadline = Date.now() + 20_000
let left = differences(before, snapshot())
while (left.length > 0 && Date.now() < deadline) {
  await sleep(20)
  left = differences(before, snapshot())
}
const after = snapshot()
const shown = left.map(key => `${key} (${before.get(key)} → ${after.get(key)})`)
process.stdout.write(`left: ${shown.join(', ') || 'nothing'}\n`)
