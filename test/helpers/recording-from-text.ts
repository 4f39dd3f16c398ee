import { RecordingBuilder } from '../../src/recording/recording-builder.ts'
import type { Recording } from '../../src/recording/schema.ts'

/**
 * A recording you can see. The first line holds the times of the samples in ms, each line below it one depth of their
 * stacks; a cell belongs to the time it stands under.
 *
 *     0ms      1ms      2ms
 *     main     main     main
 *     handler  handler  idle
 */
export function recordingFromText(text: string, epoch = 1_700_000_000_000_000_000n): Recording {
  const builder = new RecordingBuilder(epoch)
  const [header, ...lines] = text.split('\n').filter(line => line.trim() !== '')
  const columns = Array.from((header ?? '').matchAll(/(\d+(?:\.\d+)?)ms/g), match => ({
    at: match.index,
    time: Math.round(Number(match[1]) * 1e6)
  }))
  const profile = pushWallProfile(builder, columns.at(-1)?.time ?? 0)
  columns.forEach(({ at, time }, i) => {
    const end = columns[i + 1]?.at ?? Infinity
    let stack = -1
    for (const line of lines) {
      const name = line.slice(at, end).trim()
      if (name !== '') stack = builder.intern('stacks', { frame: internFrame(builder, name), parent: stack })
    }
    builder.push('samples', { time, stack, link: 0, profile, value: 1, attributes: 0 })
  })
  return builder.snapshot()
}

function internFrame(builder: RecordingBuilder, name: string): number {
  const url = builder.strings.intern('file:///app.js')
  return builder.intern('frames', { name: builder.strings.intern(name), url, line: 1, column: 1 })
}

function pushWallProfile(builder: RecordingBuilder, duration: number): number {
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
    thread: builder.intern('threads', { id: 0, name: strings.intern('main'), resource }),
    time: 0,
    duration,
    sampleType: strings.intern('wall'),
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
