import { RecordingBuilder } from '../../dist/recording/recording-builder.js'

/** A V8 profile as a recording of one thread; the times are rounded to so many µs. */
export function cpuprofileRecording({ nodes, samples, timeDeltas, startTime }, quantumUs) {
  const builder = new RecordingBuilder(BigInt(startTime) * 1000n)
  const { strings } = builder
  const parents = new Map(nodes.flatMap(({ id, children }) => (children ?? []).map(child => [child, id])))
  const byId = new Map(nodes.map(node => [node.id, node]))
  const stacks = new Map()
  const stackOf = id => {
    if (!stacks.has(id)) {
      const { functionName, url, lineNumber, columnNumber } = byId.get(id).callFrame
      const frame = builder.intern('frames', {
        name: strings.intern(functionName),
        url: strings.intern(url),
        line: lineNumber + 1,
        column: columnNumber + 1
      })
      const parent = parents.has(id) ? stackOf(parents.get(id)) : -1
      stacks.set(id, builder.intern('stacks', { frame, parent }))
    }
    return stacks.get(id)
  }
  const profile = builder.push('profiles', wallProfile(builder, timeDeltas))
  let time = 0
  samples.forEach((node, i) => {
    time += timeDeltas[i]
    const rounded = Math.round(time / quantumUs) * quantumUs * 1000
    builder.push('samples', {
      time: rounded,
      stack: stackOf(node),
      link: 0,
      profile,
      value: 1,
      attributes: 0
    })
  })
  return builder.snapshot()
}

function wallProfile(builder, timeDeltas) {
  const { strings } = builder
  const resource = builder.intern('resources', { attributes: 0, droppedAttributes: 0, schemaUrl: 0 })
  return {
    resource,
    scope: builder.intern('scopes', {
      name: 0,
      version: 0,
      attributes: 0,
      droppedAttributes: 0,
      schemaUrl: 0
    }),
    thread: builder.intern('threads', { id: 0, name: strings.intern('main'), resource }),
    time: 0,
    duration: timeDeltas.reduce((sum, delta) => sum + delta, 0) * 1000,
    sampleType: strings.intern('wall'),
    sampleUnit: strings.intern('count'),
    periodType: strings.intern('wall'),
    periodUnit: strings.intern('nanoseconds'),
    period: 1e6,
    profileId: -1,
    attributes: 0,
    droppedAttributes: 0,
    original: -1
  }
}
