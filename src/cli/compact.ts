import { MicrologError } from '../base/errors.ts'
import { formatBytes } from '../base/units.ts'
import { Compactor } from '../collector/compaction/compactor.ts'
import type { CompactedBatch, CompactionOutcome } from '../collector/compaction/compactor.ts'
import { SegmentEncoder } from '../collector/encoding/segment-encoder.ts'
import { jsonOption, openExistingStore, storeOption, withArguments } from './arguments.ts'
import type { Command } from './command.ts'
import { printJson } from './print.ts'

const help = `microlog compact [--json] [--store WHERE]

Puts the segments of each recording together, by hours and days: fewer bytes, and quicker to
open. A running collector does so by itself. What was put together is deleted by a collector
or by the next compaction, at least five minutes later: somebody may be reading it.

  --json          one JSON document on stdout: what became of what
  --store WHERE   a folder or s3://bucket/prefix (default: MICROLOG_STORE, else ~/.microlog)
  --catalog URL   postgres://… of a bucket (default: MICROLOG_CATALOG)
`

export const compact: Command = {
  run: args =>
    withArguments(
      { name: 'compact', help, options: { ...jsonOption, ...storeOption }, words: [0, 0] },
      args,
      async given => {
        const { catalog, compaction } = await openExistingStore(given)
        const merger = new SegmentEncoder()
        const compactor = new Compactor({
          catalog,
          merge: job => merger.merge(job),
          takeTurn: compaction.takeTurn,
          limits: { hourQuietMs: 0, dayQuietMs: 0 },
          ...(!given.flag('json') && { onCompacted: printBatch })
        })
        try {
          const outcome = await compactor.run()
          if (!outcome) {
            throw new MicrologError(
              'unavailable',
              'Another process compacts this store right now: let it, or try again later'
            )
          }
          if (given.flag('json')) printJson(outcome)
          else printOutcome(outcome)
          if (compactor.problem !== undefined) throw new MicrologError('unavailable', compactor.problem)
        } finally {
          await merger.close()
        }
      }
    )
}

function printOutcome({ batches, deleted }: CompactionOutcome): void {
  if (batches.length === 0) process.stdout.write('Nothing to put together\n')
  if (deleted.segments === 0) return
  const sizes = formatBytes(deleted.bytes)
  process.stdout.write(`Deleted ${countOf(deleted.segments)} that larger ones stand for (${sizes})\n`)
}

function printBatch({ recording, inputs, bytesBefore, bytesAfter }: CompactedBatch): void {
  const sizes = `${formatBytes(bytesBefore)} → ${formatBytes(bytesAfter)}`
  process.stdout.write(`${recording}  ${countOf(inputs)} → 1, ${sizes}\n`)
}

function countOf(segments: number): string {
  return `${segments} ${segments === 1 ? 'segment' : 'segments'}`
}
