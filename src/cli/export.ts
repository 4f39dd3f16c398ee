import { stat, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { MicrologError, systemCode } from '../base/errors.ts'
import { formatBytes } from '../base/units.ts'
import { exportFormats, exportRecording } from '../collector/exchange/export-recording.ts'
import { findRecordingFiles } from '../collector/exchange/recording-files.ts'
import { WrongUse, openExistingStore, storeOption, withArguments } from './arguments.ts'
import type { Library } from '../collector/query/library.ts'
import type { Command } from './command.ts'
import { warnOfDamage, warnOfUnreadable } from './damage.ts'

const help = `microlog export ID|FILE --format FORMAT [-o OUT] [--store WHERE]

Writes a recording of the store, or of a .microlog file, in a format that others read.

  --format FORMAT  microlog    one .microlog file with all segments
                   otlp        OTLP/JSON, one request a line, with nothing lost that came in
                   cpuprofile  the main thread's stacks for Chrome DevTools and VS Code
                   pprof       the stacks of all threads with their time and spans, gzipped
                   speedscope  the stacks of all threads in the order of time
                   html        one page with its screens and all of it inside, that opens from a disk
                   microlog-python  a .zip of Microlog for Python: calls, logs and statuses, no spans
  -o, --output OUT the file to write (default: stdout)
  --store WHERE    a folder or s3://bucket/prefix (default: MICROLOG_STORE, else ~/.microlog)
  --catalog URL    postgres://… of a bucket (default: MICROLOG_CATALOG)
`

const options = {
  ...storeOption,
  format: { type: 'string' },
  output: { type: 'string', short: 'o' }
} as const

export const exportCommand: Command = {
  run: args =>
    withArguments({ name: 'export', help, options, words: [1, 1] }, args, async given => {
      const format = given.text('format')
      if (!exportFormats.some(known => known === format)) {
        throw new WrongUse(`Expected --format ${exportFormats.join('|')}, found ${format ?? 'none'}`)
      }
      let opened: Library | undefined
      const library = async () => (opened ??= (await openExistingStore(given)).library)
      const { id, files, nameOf } = await findRecordingFiles(given.words[0]!, library)
      const pieces = await exportRecording(files, format!, (file, why) =>
        warnOfDamage(`A block of ${nameOf(file)}`, why.message)
      )
      if (opened) warnOfUnreadable(opened, id)
      const output = given.text('output')
      if (output === undefined || output === '-') {
        for (const bytes of pieces) await writeOut(bytes)
      } else {
        await writeFile(output, pieces).catch((thrown: unknown) => refuse(output, thrown))
        process.stderr.write(`Wrote ${output} (${formatBytes((await stat(output)).size)})\n`)
      }
    })
}

function refuse(output: string, cause: unknown): never {
  const code = systemCode(cause)
  if (code === 'ENOENT')
    throw new MicrologError('not-found', `There is no folder ${dirname(output)} to write into`, { cause })
  if (code === 'EISDIR')
    throw new MicrologError('invalid-input', `Expected a file to write, found the folder ${output}`, {
      cause
    })
  throw cause
}

function writeOut(bytes: Uint8Array): Promise<void> {
  return new Promise((resolve, reject) => {
    process.stdout.write(bytes, error => (error ? reject(error) : resolve()))
  })
}
