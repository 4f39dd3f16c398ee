import { describe, expect, test } from 'vitest'
import { summarizeRecordings } from '../../../src/collector/query/recording-summaries.ts'
import { nodeCodec } from '../../../src/collector/store/node-codec.ts'
import { encodeRecording, openRecording } from '../../../src/format/index.ts'
import type { SegmentFooter } from '../../../src/format/index.ts'
import { memorySource } from '../../../src/format/memory-source.ts'
import { recordingFromText } from '../../helpers/recording-from-text.ts'

const nowMs = 1_700_000_000_000
const hourMs = 3_600_000

async function footerAt(unixMs: number): Promise<SegmentFooter> {
  const tables = recordingFromText('0ms\nmain', BigInt(unixMs) * 1_000_000n)
  const bytes = await encodeRecording(tables, { recording: 'shop', label: 'shop' }, nodeCodec)
  return (await openRecording(memorySource(bytes), nodeCodec)).footer
}

describe('a recording is live', () => {
  const isLive = async (dataMs: number, cameMs: number | undefined) => {
    const part = { recording: 'shop', bytes: 1, footer: await footerAt(dataMs), cameMs }
    return summarizeRecordings([part], nowMs)[0]!.live
  }

  test.each([-hourMs, 0, hourMs])('by when its data came, if its clock is %i ms off', async offMs => {
    expect(await isLive(nowMs + offMs, nowMs - 4999)).toBe(true)
    expect(await isLive(nowMs + offMs, nowMs - 5000)).toBe(false)
  })

  test('not for what was put there in the future: the clock here has been set back', async () => {
    expect(await isLive(nowMs, nowMs + hourMs)).toBe(false)
  })

  test('not where it is from a file, nor where no collector runs', async () => {
    expect(await isLive(nowMs, undefined)).toBe(false)
    const part = { recording: 'shop', bytes: 1, footer: await footerAt(nowMs), cameMs: nowMs }
    expect(summarizeRecordings([part])[0]!.live).toBe(false)
  })
})
