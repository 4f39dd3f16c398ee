import { readFile } from 'node:fs/promises'
import { basename } from 'node:path'
import { MicrologError, systemCode } from '../base/errors.ts'
import { importFile } from '../collector/exchange/import-file.ts'
import { writeNotice } from '../collector/write-notice.ts'
import { AlreadyTold, jsonOption, openGivenStore, storeOption, textOf, withArguments } from './arguments.ts'
import type { Command } from './command.ts'
import { escapeCell, escapeControls, printJson } from './print.ts'

const help = `microlog import FILE… [--json] [--store WHERE]

Takes files into the store and prints the ids of the recordings that hold them:
OTLP (JSON, JSON lines, protobuf, protobuf requests after their lengths), .cpuprofile,
pprof, speedscope, .microlog and the .zip of Microlog for Python, each also in gzip. A file
that is imported again changes nothing. Ends with 1 where a file, or part of one, couldn't be
taken; the others are.

Samples of pprof have no times: they are laid one after the other, the largest first, so that
a flame chart of them is their flame graph.

  --json          one JSON array of ids on stdout
  --store WHERE   a folder or s3://bucket/prefix (default: MICROLOG_STORE, else ~/.microlog)
  --catalog URL   postgres://… of a bucket (default: MICROLOG_CATALOG)
`

export const importCommand: Command = {
  run: args =>
    withArguments(
      { name: 'import', help, options: { ...jsonOption, ...storeOption }, words: [1, Infinity] },
      args,
      async given => {
        const { catalog } = await openGivenStore(given)
        const ids = new Set<string>()
        let failed = false
        const complain = (file: string, what: string): void => {
          failed = true
          writeNotice(`${escapeCell(file)}: ${escapeControls(what)}`, 'import')
        }
        for (const file of given.words) {
          try {
            const outcome = await importFile(basename(file), await readGiven(file), { catalog })
            const { accepted, rejected, message } = outcome
            if (rejected > 0) complain(file, `${rejected} of ${accepted + rejected} rejected: ${message}`)
            const added = outcome.ids.filter(id => !ids.has(id))
            for (const id of added) ids.add(id)
            // At once: what is stored is told whatever becomes of the next file.
            if (!given.flag('json')) process.stdout.write(added.map(id => `${id}\n`).join(''))
          } catch (thrown) {
            complain(file, textOf(thrown))
          }
        }
        if (given.flag('json')) printJson([...ids])
        if (failed) throw new AlreadyTold()
      }
    )
}

async function readGiven(file: string): Promise<Uint8Array> {
  return readFile(file).catch((thrown: unknown) => {
    const code = systemCode(thrown)
    if (code === 'ENOENT') throw new MicrologError('not-found', 'There is no such file')
    if (code === 'EISDIR') throw new MicrologError('invalid-input', 'Expected a file, found a folder')
    throw thrown
  })
}
