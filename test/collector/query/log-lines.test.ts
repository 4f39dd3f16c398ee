import { describe, expect, test } from 'vitest'
import { findLogLines } from '../../../src/collector/query/log-lines.ts'
import { SegmentSearch } from '../../../src/collector/query/segment-search.ts'
import { nodeCodec } from '../../../src/collector/store/node-codec.ts'
import type { OpenSegment } from '../../../src/collector/store/segment.ts'
import { encodeRecording, openRecording } from '../../../src/format/index.ts'
import { memorySource } from '../../../src/format/memory-source.ts'
import { RecordingBuilder } from '../../../src/recording/recording-builder.ts'
import { pushLog } from '../../helpers/push-rows.ts'

const id = 'r'.repeat(26)
const search = new SegmentSearch({ script: new URL('none.mjs', import.meta.url) })

async function segmentOf(epoch: bigint, uids: readonly string[]): Promise<OpenSegment> {
  const builder = new RecordingBuilder(epoch)
  for (const uid of uids) pushLog(builder, 0, uid, { uid })
  const bytes = await encodeRecording(builder.finish(), { recording: id, label: 'shop' }, nodeCodec)
  const file = await openRecording(memorySource(bytes), nodeCodec)
  return { segment: { recording: id, id: 's' } as OpenSegment['segment'], file }
}

/** Bodies of all pages of one line. */
async function paged(segments: readonly OpenSegment[], oldestFirst: boolean): Promise<string[]> {
  const found: string[] = []
  let after: string | undefined
  do {
    const page = await findLogLines(search, segments, { oldestFirst }, { limit: 1, after })
    found.push(...page.items.map(({ body }) => body))
    after = page.cursor
  } while (after !== undefined)
  return found
}

describe.each([true, false])('pages of lines, oldest first: %s', oldestFirst => {
  test('go on between lines of one time, whatever its nanoseconds', async () => {
    for (let nanos = 0n; nanos < 2000n; nanos += 37n) {
      const epoch = 1_700_000_000_123_456_000n + nanos
      const segments = [await segmentOf(epoch, ['a', 'c']), await segmentOf(epoch, ['b', 'd'])]
      expect(await paged(segments, oldestFirst), `${epoch}`).toEqual(['a', 'b', 'c', 'd'])
    }
  })

  test('go on behind uids with underscores anywhere', async () => {
    const segment = await segmentOf(1_700_000_000_000_000_000n, ['_', 'a__1', 'b_', 'c'])
    expect((await paged([segment], oldestFirst)).sort()).toEqual(['_', 'a__1', 'b_', 'c'])
  })
})
