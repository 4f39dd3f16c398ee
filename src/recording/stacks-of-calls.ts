// Calls that were summed up elsewhere as stacks of a recording, so that they are shown as those of one are.
import type { NamedFrames } from './call-nodes.ts'
import { RecordingBuilder } from './recording-builder.ts'
import type { Recording } from './schema.ts'
import type { WeighedStacks } from './weighed-paths.ts'

/** As columns; callers come before what they call. */
export interface SummedCalls {
  readonly frames: NamedFrames
  /** Row of `frames`. */
  readonly frame: readonly number[]
  /** -1 for the outermost. */
  readonly parent: readonly number[]
  /** ns. */
  readonly self: ArrayLike<number>
  /** Those of a call and of what it called. */
  readonly samples: readonly number[]
}

/** The rows of `frames` and of `stacks` are those of the calls. */
export function stacksOfCalls({ frames, frame, parent, self, samples }: SummedCalls): WeighedStacks {
  const builder = builderOfFrames(frames)
  const count = Uint32Array.from(samples)
  frame.forEach((row, node) => {
    const up = parent[node]!
    builder.table('stacks').push({ frame: row, parent: up })
    if (up >= 0) count[up]! -= samples[node]!
  })
  return Object.freeze({ recording: builder.finish(), weights: { weight: Float64Array.from(self), count } })
}

/** Names and files of functions, nothing else. */
export function recordingOfFrames(frames: NamedFrames): Recording {
  return builderOfFrames(frames).finish()
}

function builderOfFrames(frames: NamedFrames): RecordingBuilder {
  const builder = new RecordingBuilder(0n)
  frames.name.forEach((name, row) =>
    builder.table('frames').push({
      name: builder.strings.intern(name),
      url: builder.strings.intern(frames.url[row]!),
      line: frames.line[row]!,
      column: 0,
      packageId: 0
    })
  )
  return builder
}
