import type { Group, RecordingFile } from '../../format/index.ts'
import { appendRecording, fitsEpoch } from '../../recording/append-recording.ts'
import { RecordingBuilder } from '../../recording/recording-builder.ts'
import type { Recording } from '../../recording/schema.ts'

/** All segments as one recording; as several where they lie too far apart for one epoch. At least one. */
export async function readWhole(
  files: readonly RecordingFile[],
  groups?: readonly Group[]
): Promise<Recording[]> {
  const ordered = files.toSorted((a, b) => Number(a.footer.epoch - b.footer.epoch))
  if (ordered.length === 1) return [await ordered[0]!.read(groups)]
  const builders: RecordingBuilder[] = []
  for (const file of ordered) {
    const recording = await file.read(groups)
    let builder = builders.find(({ epoch }) => fitsEpoch(epoch, recording))
    if (!builder) builders.push((builder = new RecordingBuilder(recording.epoch)))
    appendRecording(builder, recording)
  }
  return builders.length > 0
    ? builders.map(builder => builder.finish())
    : [new RecordingBuilder(0n).snapshot()]
}
