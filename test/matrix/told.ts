// What a collector tells of the one recording it has, through its HTTP API.
import { expect } from 'vitest'
import type { LogLine, Page, RecordingSummary, TraceSummary } from '../../src/collector/api.ts'
import { openRecording } from '../../src/format/index.ts'
import { linkSpanIds, spanIdAt } from '../../src/recording/ids.ts'
import { buildLogEntries } from '../../src/recording/log-entries.ts'
import type { Recording } from '../../src/recording/schema.ts'
import { nodeCodec } from '../helpers/node-codec.ts'
import { memoryFile } from '../format/memory-file.ts'

export interface Told {
  recordings: RecordingSummary[]
  traces: TraceSummary[]
  logLines: LogLine[]
  /** Each log of the program with the function names of its stack, leaf first, and the name of its span. */
  logs: { body: string; span: string | undefined; stack: string[] }[]
  spans: string[]
  /** Names of spans that stacks of the sampler are linked to, and of those that tell where they were started. */
  sampledSpans: string[]
  startedSpans: string[]
}

/** Waits until the recording has as many spans as are expected. */
export async function readTold(uiUrl: string, spans: number): Promise<Told> {
  const list = async <Item>(path: string): Promise<Item[]> =>
    ((await (await fetch(`${uiUrl}/api/${path}`)).json()) as Page<Item>).items
  const recordings = (): Promise<RecordingSummary[]> => list('recordings')
  await expect.poll(async () => (await recordings())[0]?.spans).toBe(spans)
  const [{ id }, ...others] = (await recordings()) as [RecordingSummary, ...RecordingSummary[]]
  expect(others).toEqual([])
  const response = await fetch(`${uiUrl}/api/recordings/${id}/export?format=microlog`)
  const file = await openRecording(memoryFile(new Uint8Array(await response.arrayBuffer())), nodeCodec)
  return {
    recordings: await recordings(),
    traces: await list('traces'),
    logLines: await list('logs'),
    ...toldBy(await file.read())
  }
}

function toldBy(recording: Recording): Pick<Told, 'logs' | 'spans' | 'sampledSpans' | 'startedSpans'> {
  const { spans, strings, samples, profiles } = recording
  const names = new Map<string, string>()
  for (let row = 0; row < spans.length; row++) {
    names.set(spanIdAt(spans.spanId, row), strings[spans.name[row]!]!)
  }
  const linked = linkSpanIds(recording)
  const spansOf = (type: string): string[] => {
    const found = new Set<string>()
    for (let row = 0; row < samples.length; row++) {
      if (strings[profiles.sampleType[samples.profile[row]!]!] !== type) continue
      const name = names.get(linked[samples.link[row]!] ?? '')
      if (name !== undefined) found.add(name)
    }
    return [...found].sort()
  }
  return {
    logs: buildLogEntries(recording)
      .filter(({ own }) => !own)
      .map(({ body, spanId, stack }) => ({
        body,
        span: names.get(spanId),
        stack: stackNames(recording, stack)
      })),
    spans: [...names.values()].sort(),
    sampledSpans: spansOf('wall'),
    startedSpans: spansOf('span')
  }
}

function stackNames({ stacks, frames, strings }: Recording, leaf: number): string[] {
  const names: string[] = []
  for (let stack = leaf; stack >= 0; stack = stacks.parent[stack]!) {
    names.push(strings[frames.name[stacks.frame[stack]!]!]!)
  }
  return names
}
