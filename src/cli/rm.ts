import { MicrologError } from '../base/errors.ts'
import { formatBytes } from '../base/units.ts'
import { findRecording } from '../collector/query/list-recordings.ts'
import { isRecordingId } from '../collector/store/recording-id.ts'
import { openExistingStore, storeOption, withArguments } from './arguments.ts'
import type { Command } from './command.ts'
import { escapeCell } from './print.ts'

const help = `microlog rm ID [--store WHERE]

Deletes a recording for good. Data that its process still sends is dropped, too.

  --store WHERE   a folder or s3://bucket/prefix (default: MICROLOG_STORE, else ~/.microlog)
  --catalog URL   postgres://… of a bucket (default: MICROLOG_CATALOG)
`

export const rm: Command = {
  run: args =>
    withArguments({ name: 'rm', help, options: storeOption, words: [1, 1] }, args, async given => {
      const id = given.words[0]!
      const { catalog, library } = await openExistingStore(given)
      const found = isRecordingId(id) ? await findRecording(library, id) : undefined
      if (!found && !(await catalog.isStored(id)))
        throw new MicrologError('not-found', `No recording ${id} here: microlog ls lists them`)
      const { segments, bytes } = await catalog.deleteRecording(id)
      const size = `${segments} ${segments === 1 ? 'segment' : 'segments'}, ${formatBytes(bytes)}`
      const name = found ? escapeCell(found.label) : 'that could not be read'
      process.stdout.write(`Removed ${id} ${name} (${size})\n`)
    })
}
