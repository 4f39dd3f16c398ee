// Everything `microlog diff` tells of two recordings, A before and B after.
import type { RecordingFile } from '../../format/index.ts'
import { diffFunctions } from '../../recording/diff-functions.ts'
import type { FunctionsDiff } from '../../recording/diff-functions.ts'
import { diffSpans } from '../../recording/diff-spans.ts'
import type { SpanDiff } from '../../recording/diff-spans.ts'
import type { Recording } from '../../recording/schema.ts'
import { readWhole } from './read-whole.ts'
import type { OnDamagedFile } from './read-whole.ts'
import { buildRecordingHead } from './recording-report.ts'
import type { RecordingHead } from './recording-report.ts'

export interface ComparedSide extends RecordingHead {
  /** Sampled and not idle, of all threads: what shares of functions are shares of. */
  busyMs: number
}

export interface RecordingComparison extends Pick<FunctionsDiff, 'functions'> {
  a: ComparedSide
  b: ComparedSide
  spans: SpanDiff[]
}

/** A recording with all its segments. */
export interface ComparedFiles {
  id: string
  files: readonly RecordingFile[]
}

export async function buildRecordingComparison(
  a: ComparedFiles,
  b: ComparedFiles,
  onDamage?: OnDamagedFile
): Promise<RecordingComparison> {
  const [inA, inB] = [await readWhole(a.files, onDamage), await readWhole(b.files, onDamage)]
  const { busyMs, functions } = diffFunctions(inA, inB)
  const headOf = ({ id, files }: ComparedFiles, recordings: readonly Recording[]) =>
    buildRecordingHead(id, files, recordings)
  return {
    a: { ...headOf(a, inA), busyMs: busyMs.a },
    b: { ...headOf(b, inB), busyMs: busyMs.b },
    functions,
    spans: diffSpans(inA, inB)
  }
}
