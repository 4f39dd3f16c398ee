import { RecordingBuilder } from '../../src/recording/recording-builder.ts'
import type { Recording } from '../../src/recording/schema.ts'
import { internFrame, pushProfile } from './recording-from-text.ts'

/** A function that calls itself once more in each sample: written out, the callers of all stacks would take gigabytes. */
export function deepRecording(depth = 20_000): Recording {
  const builder = new RecordingBuilder(0n)
  const profile = pushProfile(builder, 0)
  const frame = internFrame(builder, 'f')
  for (let row = 0; row < depth; row++) {
    const stack = builder.intern('stacks', { frame, parent: row - 1 })
    builder.push('samples', { time: row * 1e6, stack, link: 0, profile, value: 1, attributes: 0 })
  }
  return builder.snapshot()
}
