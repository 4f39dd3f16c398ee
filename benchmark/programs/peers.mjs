// Other profilers, set up the way their makers do it: what recording with one of them costs the same program.
import { createHook } from 'node:async_hooks'
import { createRequire } from 'node:module'
import { context, trace } from '@opentelemetry/api'

const encodeEveryMs = 60_000
const noContext = {}

/**
 * @datadog/pprof with the active span as context of each sample, as Datadog's tracer does it: from Node 24 on the context
 * travels with the async context frame, before that a hook sets it at each continuation. Returns how to take a profile,
 * gzipped pprof, with or without the time of each sample: its bytes, and how many samples are in it.
 */
export function startDatadog(folder, intervalUs, takesEachMinute) {
  const { time, encodeSync } = packageOf(folder, '@datadog/pprof')
  const travels = Number(process.versions.node.split('.')[0]) >= 24
  time.start({ intervalMicros: intervalUs, withContexts: true, useCPED: travels, lineNumbers: false })
  if (travels) followEntries(time)
  else followContinuations(time)
  const take = withTimes => {
    const profile = time.stop(true, ({ context: sample }) => ({
      ...sample?.context?.ref,
      ...(withTimes && sample && { end_timestamp_ns: sample.timestamp * 1000n })
    }))
    const samples = profile.sample.reduce((sum, { value }) => sum + Number(value[0]), 0)
    return { bytes: encodeSync(profile).length, samples }
  }
  if (takesEachMinute) setInterval(() => take(false), encodeEveryMs).unref()
  return take
}

export function startPyroscope(folder, intervalUs, serverAddress) {
  const { default: pyroscope } = packageOf(folder, '@pyroscope/nodejs')
  pyroscope.init({
    serverAddress,
    appName: 'overhead',
    flushIntervalMs: encodeEveryMs,
    wall: { samplingDurationMs: encodeEveryMs, samplingIntervalMicros: intervalUs, collectCpuTime: false }
  })
  pyroscope.startWallProfiling()
}

function packageOf(folder, name) {
  return createRequire(`${folder}/package.json`)(name)
}

/** The labels of a span's samples; one object a span. */
function createLabels() {
  const ofSpan = new WeakMap()
  return active => {
    const span = active === undefined ? undefined : trace.getSpan(active)
    if (span === undefined) return noContext
    const known = ofSpan.get(span)
    if (known !== undefined) return known
    const { traceId, spanId } = span.spanContext()
    const labels = { ref: { 'trace id': traceId, 'span id': spanId } }
    ofSpan.set(span, labels)
    return labels
  }
}

function followEntries(time) {
  const labelsOf = createLabels()
  wrapWith((original, active, fn, thisArg, args) =>
    original(
      active,
      function (...inner) {
        time.setContext(labelsOf(active))
        return fn.apply(this, inner)
      },
      thisArg,
      ...args
    )
  )
}

function followContinuations(time) {
  const labelsOf = createLabels()
  let current
  const enter = active => {
    if (active === current) return
    current = active
    time.setContext(labelsOf(active))
  }
  createHook({ before: () => enter(context.active()) }).enable()
  wrapWith((original, active, fn, thisArg, args) => {
    const outer = context.active()
    enter(active)
    try {
      return original(active, fn, thisArg, ...args)
    } finally {
      enter(outer)
    }
  })
}

function wrapWith(around) {
  const manager = context._getContextManager()
  const original = manager.with.bind(manager)
  manager.with = (active, fn, thisArg, ...args) => around(original, active, fn, thisArg, args)
}
