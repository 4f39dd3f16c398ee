// Segments of one recording as one, with rollups. It is read back before anybody relies on it: what it is made from will
// be deleted.
import { MicrologError, messageOf } from '../../base/errors.ts'
import { encodeRecording, openRecording } from '../../format/index.ts'
import type { JournalRange, RecordingFile, SegmentFooter, SegmentMeta } from '../../format/index.ts'
import { blockKind, countNames } from '../../format/layout.ts'
import { memorySource } from '../../format/memory-source.ts'
import { appendRecording } from '../../recording/append-recording.ts'
import { RecordingBuilder } from '../../recording/recording-builder.ts'
import { parseSealedId } from '../store/keys.ts'
import { nodeCodec, syncCodec } from '../store/node-codec.ts'
import { endMs } from '../store/unix-ms.ts'

export interface MergeInput {
  id: string
  bytes: Uint8Array
  /** When its newest data came to the store, Unix ms. */
  writtenMs: number
}

export interface MergeJob {
  recording: string
  inputs: readonly MergeInput[]
  /** Ids that it takes the place of, beside those of the inputs and what they took the place of. */
  replaces: readonly string[]
}

/** An input that doesn't read, so that the others go on without it. */
export class UnreadableInput extends MicrologError {
  readonly input: string

  constructor(input: string, cause: unknown) {
    super('corrupt', messageOf(cause), { cause })
    this.input = input
  }
}

export async function mergeSegments({
  recording,
  inputs,
  replaces
}: MergeJob): Promise<Uint8Array<ArrayBuffer>> {
  const files = await Promise.all(inputs.map(async input => ({ input, file: await openInput(input) })))
  files.sort((a, b) => Number(a.file.footer.epoch - b.file.footer.epoch))
  const builder = new RecordingBuilder(files[0]!.file.footer.epoch)
  for (const { input, file } of files) {
    try {
      appendRecording(builder, await file.read())
    } catch (thrown) {
      throw new UnreadableInput(input.id, thrown)
    }
  }
  const latest = files.reduce((a, b) => (endMs(b.file.footer) > endMs(a.file.footer) ? b : a)).file.footer
    .meta
  const meta: SegmentMeta = {
    recording,
    label: latest.label,
    resource: latest.resource,
    journals: files.flatMap(({ input, file }) => placesOf(input.id, file)),
    replaces: namesOf(replaces, files),
    writtenMs: Math.floor(Math.max(...inputs.map(({ writtenMs }) => writtenMs)))
  }
  const merged = builder.finish()
  let bytes = await encodeRecording(merged, meta, syncCodec, { rollups: true })
  const bytesBefore = inputs.reduce((sum, input) => sum + input.bytes.length, 0)
  // Of few rows a question takes no longer without rollups, which would make more of them than was there.
  if (bytes.length > bytesBefore && files.every(({ file }) => hasFewRows(file)))
    bytes = await encodeRecording(merged, meta, syncCodec)
  await checkMerged(
    bytes,
    files.map(({ file }) => file)
  )
  return bytes
}

const fewRows = 2000

function hasFewRows({ footer: { counts } }: RecordingFile): boolean {
  return counts.samples + counts.points < fewRows
}

/** Sealed ones are named by the places they were made from. */
function namesOf(
  replaces: readonly string[],
  files: readonly { input: MergeInput; file: RecordingFile }[]
): string[] {
  const compacted = files.filter(({ input }) => !parseSealedId(input.id))
  const names = compacted.flatMap(({ input, file }) => [input.id, ...(file.footer.meta.replaces ?? [])])
  return [...new Set([...replaces, ...names])].sort()
}

async function openInput({ id, bytes }: MergeInput): Promise<RecordingFile> {
  try {
    return await openBytes(bytes)
  } catch (thrown) {
    throw new UnreadableInput(id, thrown)
  }
}

function openBytes(bytes: Uint8Array): Promise<RecordingFile> {
  return openRecording(memorySource(bytes), nodeCodec)
}

/** The name counts, not the footer: an imported file may have been made anywhere. */
function placesOf(id: string, { footer }: RecordingFile): readonly JournalRange[] {
  const sealed = parseSealedId(id)
  return sealed ? [{ file: sealed.journal, from: sealed.from, to: sealed.to }] : (footer.meta.journals ?? [])
}

async function checkMerged(bytes: Uint8Array, files: readonly RecordingFile[]): Promise<void> {
  const merged = await openBytes(bytes)
  await merged.read()
  const check = (what: string, countOf: (footer: SegmentFooter) => number): void => {
    const expected = files.reduce((sum, { footer }) => sum + countOf(footer), 0)
    const found = countOf(merged.footer)
    if (found !== expected) throw new Error(`Expected ${expected} ${what} after compaction, found ${found}`)
  }
  for (const name of summedCounts) check(name, ({ counts }) => counts[name])
  check('log records', logRowsOf)
}

function logRowsOf({ blocks }: SegmentFooter): number {
  const own = blocks.filter(({ kind }) => kind === blockKind.logs)
  return own.reduce((sum, { count }) => sum + count, 0)
}

/** All but statuses, of which two segments may tell of one moment, and logs, of which they may tell of one call. */
const summedCounts = countNames.filter(name => name !== 'statuses' && name !== 'logs')
