import type { FunctionDiff } from '../../recording/diff-functions.ts'
import { frameName } from '../../recording/frame-names.ts'
import type { Recording } from '../../recording/schema.ts'

/** Functions by name and file; the same text for the function of a frame. */
export function functionKey({ name, file }: Pick<FunctionDiff, 'name' | 'file'>): string {
  return `${name} ${file}`
}

export function keyOfFrame(recording: Recording, frame: number): string {
  const file = recording.strings[recording.frames.url[frame]!]!
  return functionKey({ name: frameName(recording, frame), file })
}

/** By frame: 1 for those whose function is wanted. */
export function framesOf(recording: Recording, isWanted: (key: string) => boolean): Uint8Array {
  return Uint8Array.from({ length: recording.frames.length }, (_, frame) =>
    isWanted(keyOfFrame(recording, frame)) ? 1 : 0
  )
}
