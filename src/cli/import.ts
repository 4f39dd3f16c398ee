import { readFile } from 'node:fs/promises'
import { basename } from 'node:path'
import { MicrologError, messageOf } from '../base/errors.ts'
import { importFile } from '../collector/exchange/import-file.ts'
import { openStore } from '../collector/open-store.ts'
import { jsonOption, storeOption, withArguments } from './arguments.ts'
import type { Command } from './command.ts'
import { printJson } from './print.ts'

const help = `microlog import FILE… [--json] [--store FOLDER]

Takes files into the store and prints the ids of the recordings that hold them:
OTLP (JSON, JSON lines, protobuf, protobuf requests after their lengths), .cpuprofile
and .microlog. A file that is imported again changes nothing.

  --json          one JSON array of ids on stdout
  --store FOLDER  where the recordings are (default: MICROLOG_STORE, else ~/.microlog)
`

export const importCommand: Command = {
  run: args =>
    withArguments(
      { name: 'import', help, options: { ...jsonOption, ...storeOption }, words: [1, Infinity] },
      args,
      async given => {
        const { catalog } = await openStore(given.text('store'))
        const ids = new Set<string>()
        for (const file of given.words) {
          for (const id of await importFile(basename(file), await readInput(file), { catalog })) ids.add(id)
        }
        if (given.flag('json')) printJson([...ids])
        else process.stdout.write([...ids].map(id => `${id}\n`).join(''))
      }
    )
}

async function readInput(file: string): Promise<Uint8Array> {
  try {
    return await readFile(file)
  } catch (thrown) {
    throw new MicrologError('not-found', `Can't read ${file}: ${messageOf(thrown)}`, { cause: thrown })
  }
}
