// A recording in a format that others read.
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import { MicrologError } from '../../base/errors.ts'
import { traceSpansJson, writeOtlpJson } from '../../convert/otlp/write-otlp-json.ts'
import { writeMicrologPython } from '../../convert/write-microlog-python.ts'
import { writeCpuprofile } from '../../convert/write-cpuprofile.ts'
import { writePprof } from '../../convert/write-pprof.ts'
import { writeSpeedscope } from '../../convert/write-speedscope.ts'
import { encodeRecording } from '../../format/index.ts'
import type { RecordingFile } from '../../format/index.ts'
import type { JsonObject } from '../../otlp/decode-message.ts'
import { traceIdAt } from '../../recording/ids.ts'
import type { Recording } from '../../recording/schema.ts'
import type { TimeRange } from '../../recording/time-range.ts'
import { nodeCodec } from '../store/node-codec.ts'
import { exportHtml } from './export-html.ts'
import { readWhole } from '../query/read-whole.ts'
import type { OnDamagedFile } from '../query/read-whole.ts'

export const exportFormats = [
  'microlog',
  'otlp',
  'cpuprofile',
  'pprof',
  'speedscope',
  'html',
  'microlog-python'
] as const
export type ExportFormat = (typeof exportFormats)[number]

const kinds: Record<ExportFormat, { type: string; suffix: string }> = {
  microlog: { type: 'application/octet-stream', suffix: '.microlog' },
  otlp: { type: 'application/x-ndjson', suffix: '.otlp.jsonl' },
  cpuprofile: { type: 'application/json', suffix: '.cpuprofile' },
  pprof: { type: 'application/octet-stream', suffix: '.pb.gz' },
  speedscope: { type: 'application/json', suffix: '.speedscope.json' },
  html: { type: 'text/html; charset=utf-8', suffix: '.html' },
  'microlog-python': { type: 'application/zstd', suffix: '.zip' }
}

const gzipAside = promisify(gzip)

/** Media type and file name ending of a format; `invalid-input` for a word that isn't one. */
export function exportType(format: string): { type: string; suffix: string } {
  const kind = exportFormats.find(known => known === format)
  if (kind) return kinds[kind]
  throw new MicrologError(
    'invalid-input',
    `Expected a format of ${exportFormats.join(', ')}, found ${JSON.stringify(format.slice(0, 40))}`
  )
}

/**
 * Gives the file in pieces, each made when it is asked for: as text a recording may take many times its bytes.
 * @param files all segments of one recording
 */
export async function exportRecording(
  files: readonly RecordingFile[],
  format: string,
  onDamage?: OnDamagedFile
): Promise<Iterable<Uint8Array>> {
  exportType(format)
  const recordings = await readWhole(files, onDamage)
  if (format === 'otlp') return pieces(linesOf(recordings))
  const [first, ...more] = recordings
  if (more.length > 0) {
    throw new MicrologError(
      'too-large',
      `Expected a recording of at most 52 days for one ${format} file: export it as otlp, which has no such limit`
    )
  }
  const last = files.reduce((a, b) => (b.footer.epoch > a.footer.epoch ? b : a))
  const { recording, label, resource } = last.footer.meta
  if (format === 'cpuprofile') return [Buffer.from(writeCpuprofile(first!))]
  if (format === 'pprof') return [await gzipAside(writePprof(first!, label))]
  if (format === 'speedscope') return pieces(writeSpeedscope(first!, label))
  if (format === 'microlog-python') return [writeMicrologPython(first!, label)]
  const bytes = await encodeRecording(first!, { recording, label, resource }, nodeCodec)
  return format === 'html' ? exportHtml(bytes) : [bytes]
}

/** Spans of one trace as one OTLP/JSON request. @param files segments that it has spans in */
export async function exportTrace(files: readonly RecordingFile[], traceId: string): Promise<Uint8Array> {
  const resourceSpans: JsonObject[] = []
  for (const file of files) {
    const { spans, range } = partOfTrace(file.footer, traceId)
    let found = traceSpansJson(await file.read(['spans'], range), traceId)
    // Those without a time may lie anywhere.
    if (found.spans < spans) found = traceSpansJson(await file.read(['spans']), traceId)
    resourceSpans.push(...found.groups)
  }
  return Buffer.from(JSON.stringify({ resourceSpans }))
}

/** How many spans of a trace a segment has, and where those with a time lie. */
function partOfTrace(
  { traces }: RecordingFile['footer'],
  traceId: string
): { spans: number; range?: TimeRange } {
  for (let row = 0; row < traces.length; row++) {
    if (traceIdAt(traces.id, row) !== traceId) continue
    const spans = traces.spans[row]!
    const from = traces.start[row]!
    return Number.isNaN(from) ? { spans } : { spans, range: { from, to: from + traces.duration[row]! } }
  }
  return { spans: 0 }
}

function* linesOf(recordings: readonly Recording[]): Generator<string> {
  for (const recording of recordings) for (const line of writeOtlpJson(recording)) yield `${line}\n`
}

function* pieces(texts: Iterable<string>): Generator<Uint8Array> {
  for (const text of texts) yield Buffer.from(text)
}
