import { RecordingBuilder } from '../../src/recording/recording-builder.ts'
import type { Recording } from '../../src/recording/schema.ts'
import { pushProfile } from './recording-from-text.ts'

/** One sample, which counts for 1 ms, of functions `load` that stand at lines of a file, the outermost first. */
export function recordingOfLines(
  lines: readonly number[],
  { url = 'file:///app.js', threadId = 0 } = {}
): Recording {
  const builder = new RecordingBuilder(0n)
  const { strings } = builder
  const profile = pushProfile(builder, 1e6, { threadId })
  const place = { name: strings.intern('load'), url: strings.intern(url), column: 1, packageId: 0 }
  const stack = lines.reduce((parent, line) => {
    const frame = builder.intern('frames', { ...place, line })
    return builder.intern('stacks', { frame, parent })
  }, -1)
  builder.push('samples', { time: 0, stack, link: 0, profile, value: 1, attributes: 0 })
  return builder.snapshot()
}
