import { RecordingBuilder } from '../../src/recording/recording-builder.ts'
import type { Recording } from '../../src/recording/schema.ts'

/**
 * A recording you can see. The first line holds the times of the samples in ms, each line below it one depth of their
 * stacks; a cell belongs to the time it stands under. Names in brackets are V8's own and have no file, and so has `name@`;
 * `name@/cart.js` is in that file. A cell `#a` is no frame, but the span that was active.
 *
 *     0ms      1ms      2ms
 *     #a       #a       #b
 *     main     main     (idle)
 *     handler  handler
 */
export function recordingFromText(text: string, epoch = 1_700_000_000_000_000_000n): Recording {
  return builderFromText(text, epoch).snapshot()
}

/** The same, open for more. */
export function builderFromText(text: string, epoch = 1_700_000_000_000_000_000n): RecordingBuilder {
  const builder = new RecordingBuilder(epoch)
  const [header, ...lines] = text.split('\n').filter(line => line.trim() !== '')
  const columns = Array.from((header ?? '').matchAll(/(\d+(?:\.\d+)?)ms/g), match => ({
    at: match.index,
    time: Math.round(Number(match[1]) * 1e6)
  }))
  const profile = pushProfile(builder, columns.at(-1)?.time ?? 0)
  columns.forEach(({ at, time }, i) => {
    const end = columns[i + 1]?.at ?? Infinity
    let stack = -1
    let link = 0
    for (const line of lines) {
      const cell = line.slice(at, end).trim()
      if (cell.startsWith('#')) link = builder.intern('links', spanReference(cell.slice(1)))
      else if (cell !== '')
        stack = builder.intern('stacks', { frame: internFrame(builder, cell), parent: stack })
    }
    builder.push('samples', { time, stack, link, profile, value: 1, attributes: 0 })
  })
  return builder
}

/** The ids that `#a` stands for: all spans are of one trace. */
export function spanReference(letter: string): { traceId: Uint8Array; spanId: Uint8Array } {
  return {
    traceId: new Uint8Array(16).fill(0xcc),
    spanId: Uint8Array.from({ length: 8 }, (_, i) => letter.charCodeAt(i % letter.length))
  }
}

export function internFrame(builder: RecordingBuilder, name: string): number {
  const { strings } = builder
  if (name.startsWith('('))
    return builder.intern('frames', { name: strings.intern(name), url: 0, line: 0, column: 0, packageId: 0 })
  const [called, path = '/app.js'] = name.split('@')
  return builder.intern('frames', {
    name: strings.intern(called!),
    url: strings.intern(path === '' || path.startsWith('node:') ? path : `file://${path}`),
    line: 1,
    column: 1,
    packageId: 0
  })
}

export function pushProfile(
  builder: RecordingBuilder,
  duration: number,
  { sampleType = 'wall', threadId = 0, threadName = 'main' } = {}
): number {
  const { strings } = builder
  const resource = builder.intern('resources', { attributes: 0, droppedAttributes: 0, schemaUrl: 0 })
  const scope = builder.intern('scopes', {
    name: 0,
    version: 0,
    attributes: 0,
    droppedAttributes: 0,
    schemaUrl: 0
  })
  return builder.push('profiles', {
    resource,
    scope,
    thread: builder.intern('threads', { id: threadId, name: strings.intern(threadName), resource }),
    time: 0,
    duration,
    sampleType: strings.intern(sampleType),
    sampleUnit: strings.intern('count'),
    periodType: strings.intern('wall'),
    periodUnit: strings.intern('nanoseconds'),
    period: 1e6,
    profileId: -1,
    attributes: 0,
    droppedAttributes: 0,
    original: -1
  })
}
