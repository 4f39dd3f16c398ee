import type { MicrologError } from '../../base/errors.ts'
import { groups } from '../../format/index.ts'
import type { Group, RecordingFile } from '../../format/index.ts'
import { appendRecording, fitsEpoch } from '../../recording/append-recording.ts'
import { RecordingBuilder } from '../../recording/recording-builder.ts'
import type { Recording } from '../../recording/schema.ts'
import { unlessDamaged } from './unless-damaged.ts'
import type { OnDamage } from './unless-damaged.ts'

/** It throws where the rest is not to be used either. */
export type OnDamagedFile = OnDamage<RecordingFile>

/**
 * All segments as one recording; as several where they lie too far apart for one epoch. At least one.
 * @param onDamage by default what is damaged throws
 */
export async function readWhole(
  files: readonly RecordingFile[],
  onDamage: OnDamagedFile = throwDamage
): Promise<Recording[]> {
  const ordered = files.toSorted((a, b) => Number(a.footer.epoch - b.footer.epoch))
  const builders: RecordingBuilder[] = []
  for (const file of ordered) {
    const parts = await readParts(file, onDamage)
    if (ordered.length === 1 && parts.length === 1) return parts
    for (const recording of parts) {
      let builder = builders.find(({ epoch }) => fitsEpoch(epoch, recording))
      if (!builder) builders.push((builder = new RecordingBuilder(recording.epoch)))
      appendRecording(builder, recording)
    }
  }
  return builders.length > 0
    ? builders.map(builder => builder.finish())
    : [new RecordingBuilder(0n).snapshot()]
}

/** The segment; where a block of it is damaged, each kind of rows that can be read without that one. */
async function readParts(file: RecordingFile, onDamage: OnDamagedFile): Promise<Recording[]> {
  const whole = await unlessDamaged(file, () => file.read(groups), onDamage)
  if (whole) return [whole]
  const readPart = (group: Group): Promise<Recording | undefined> =>
    unlessDamaged(
      file,
      () => file.read([group]),
      () => {}
    )
  const parts = await Promise.all(groups.map(readPart))
  return parts.filter(part => part !== undefined)
}

function throwDamage(_file: RecordingFile, why: MicrologError): never {
  throw why
}
