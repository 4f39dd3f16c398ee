// All that a segment says, as plain values, by the reader of the document.
import { hex } from './reader-bytes.ts'
import { readFacts } from './read-facts.ts'
import { readRollups } from './read-rollups.ts'
import { readSegment } from './read-segment.ts'
import { readTables } from './read-tables.ts'
import { readTracePaths } from './read-trace-paths.ts'

export function readContent(file: Uint8Array): unknown {
  const segment = readSegment(file)
  const { strings, blobs, sets, tables } = readTables(segment)
  return plain({
    epoch: segment.epoch,
    facts: readFacts(segment),
    traces: segment.traces,
    threads: segment.threads,
    strings,
    blobs: blobs.map(hex),
    sets,
    tables,
    rollups: readRollups(segment),
    paths: readTracePaths(segment)
  })
}

/** As JSON has it: NaN, -0 and large integers as text. */
export function plain(content: unknown): unknown {
  return JSON.parse(
    JSON.stringify(content, (_, value: unknown) => {
      if (typeof value === 'bigint') return `${value}n`
      if (Object.is(value, -0)) return '-0'
      return Number.isNaN(value) ? 'NaN' : value
    })
  )
}
