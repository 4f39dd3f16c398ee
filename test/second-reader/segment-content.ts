// All that a segment says, as plain values, by the reader of src/format.
import { openRecording, rollupStepsMs } from '../../src/format/index.ts'
import type { Recording, StackCounts, StatusRollup } from '../../src/format/index.ts'
import { tableNames } from '../../src/recording/recording-builder.ts'
import { columnWidth } from '../../src/recording/growing-table.ts'
import { schema } from '../../src/recording/schema.ts'
import type { ColumnKind } from '../../src/recording/schema.ts'
import { memoryFile } from '../format/memory-file.ts'
import { nodeCodec } from '../helpers/node-codec.ts'
import { plain } from './read-content.ts'
import { hex } from './reader-bytes.ts'

export async function contentOf(bytes: Uint8Array): Promise<unknown> {
  const file = await openRecording(memoryFile(bytes), nodeCodec)
  const recording = await file.read()
  const { traces, threads, epoch, from, to, meta, counts } = file.footer
  const statuses = await Promise.all(rollupStepsMs.map(step => file.readStatusRollup(step)))
  const paths = await file.readTracePaths()
  return plain({
    epoch,
    facts: { from, to, meta, counts },
    traces: Array.from({ length: traces.length }, (_, row) => ({
      id: hex(traces.id.subarray(row * 16, row * 16 + 16)),
      service: traces.texts[traces.service[row]!],
      name: traces.texts[traces.name[row]!],
      hasRoot: traces.root[row],
      start: traces.start[row],
      duration: traces.duration[row],
      spans: traces.spans[row],
      errors: traces.errors[row],
      logs: traces.logs[row],
      samples: traces.samples[row]
    })),
    threads,
    strings: recording.strings,
    blobs: recording.blobs.map(hex),
    sets: setsOf(recording),
    tables: tablesOf(recording),
    rollups: { stackCounts: stackCountsOf(await file.readStackCounts()), statuses: statuses.map(stepsOf) },
    paths: paths && Array.from(paths.row, row => paths.texts[row] ?? '')
  })
}

function stackCountsOf(counts: StackCounts | undefined): unknown {
  if (!counts) return undefined
  const { frames, nodes, endpoints, endpoint, node, samples, self } = counts
  return {
    frames: frames.name.map((name, row) => ({ name, url: frames.url[row], line: frames.line[row] })),
    calls: Array.from(nodes.frame, (frame, row) => ({ frame, caller: nodes.parent[row] })),
    endpoints,
    rows: Array.from(endpoint, (name, row) => ({
      endpoint: name,
      call: node[row],
      samples: samples[row],
      ns: self[row]
    }))
  }
}

function stepsOf(rollup: StatusRollup | undefined): unknown {
  if (!rollup) return undefined
  const curves = rollup.curves.map(({ metric, time, min, mean, max }) => ({
    metric,
    time: [...time],
    min: [...min],
    mean: [...mean],
    max: [...max]
  }))
  return { stepMs: rollup.stepMs, curves }
}

function tablesOf(recording: Recording): Record<string, unknown> {
  return Object.fromEntries(
    tableNames
      .filter(name => recording[name].length > 0)
      .map(name => {
        const table = recording[name] as unknown as Record<string, Uint8Array>
        const columns = Object.entries(schema[name] as Record<string, ColumnKind>).map(([column, kind]) => {
          const width = columnWidth(kind)
          const array = table[column]!
          const rows = Array.from({ length: recording[name].length }, (_, row) =>
            width === 1 ? array[row]! : hex(array.subarray(row * width, (row + 1) * width))
          )
          return [column, rows]
        })
        return [name, Object.fromEntries(columns)]
      })
  )
}

function setsOf({ sets }: Recording): unknown[] {
  return Array.from({ length: sets.length }, (_, set) =>
    Array.from({ length: sets.start[set + 1]! - sets.start[set]! }, (_, i) => {
      const entry = sets.start[set]! + i
      return { key: sets.key[entry]!, type: sets.type[entry]!, value: sets.value[entry]! }
    })
  )
}
