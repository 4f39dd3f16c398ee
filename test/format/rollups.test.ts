// What a large segment tells of itself in short.
import { randomBytes } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { encodeRecording, openRecording } from '../../src/format/index.ts'
import { blockKind } from '../../src/format/layout.ts'
import { buildStackCounts } from '../../src/recording/stack-counts.ts'
import { buildStatusRollup } from '../../src/recording/status-rollup.ts'
import type { RecordingBuilder } from '../../src/recording/recording-builder.ts'
import { nodeCodec } from '../helpers/node-codec.ts'
import { internSet, pushSeries } from '../helpers/push-rows.ts'
import { builderFromText } from '../helpers/recording-from-text.ts'
import { meaningOf, randomRecording } from '../helpers/recordings.ts'
import { memoryFile } from './memory-file.ts'

const meta = { recording: 'r', label: 'rollups' }

/** Two endpoints, and points every 100 ms for three minutes. */
function serverBuilder(): RecordingBuilder {
  const builder = builderFromText(`
    0ms     1ms     2ms     3ms     4ms
    main    main    (idle)  main    main
    load    load            store
  `)
  const points: Record<string, number> = {}
  for (let ms = 0; ms < 180_000; ms += 100) points[ms] = ms % 1000 === 0 ? 0.9 : 0.1
  pushSeries(builder, 'process.cpu.utilization', points)
  const [orders, carts] = ['GET /orders', 'POST /carts'].map(route =>
    internSet(builder, { 'microlog.endpoint': route })
  )
  const { array } = builder.table('samples').columns.find(({ name }) => name === 'attributes')!
  array.set([orders!, carts!, orders!, carts!, 0])
  return builder
}

async function openServer(rollups: boolean) {
  const bytes = await encodeRecording(serverBuilder().snapshot(), meta, nodeCodec, { rollups })
  const source = memoryFile(bytes)
  return { file: await openRecording(source, nodeCodec), source, bytes }
}

describe('the rollups of a segment', () => {
  test('come back as they were built', async () => {
    const recording = serverBuilder().snapshot()
    const { file } = await openServer(true)
    expect(await file.readStackCounts()).toEqual(buildStackCounts(recording))
    for (const stepMs of [1000, 60_000]) {
      expect(await file.readStatusRollup(stepMs)).toEqual(buildStatusRollup(recording, stepMs))
    }
  })

  test('are there for any recording, and change nothing of what else it holds', async () => {
    for (let seed = 1; seed < 20; seed++) {
      const recording = randomRecording(seed)
      const bytes = await encodeRecording(recording, meta, nodeCodec, { rollups: true })
      const file = await openRecording(memoryFile(bytes), nodeCodec)
      expect(meaningOf(await file.read())).toEqual(meaningOf(recording))
      if (recording.samples.length > 0)
        expect(await file.readStackCounts()).toEqual(buildStackCounts(recording))
    }
  })

  test('are missing where nobody asked for them', async () => {
    const { file } = await openServer(false)
    expect(await file.readStackCounts()).toBe(undefined)
    expect(await file.readStatusRollup(1000)).toBe(undefined)
    const { file: rolled } = await openServer(true)
    expect(await rolled.readStatusRollup(5000)).toBe(undefined)
  })

  test('are optional blocks, last in the file, that no group reads', async () => {
    const { file } = await openServer(true)
    const rollups = file.footer.blocks.slice(-3)
    expect(rollups.map(({ kind, required }) => ({ kind, required }))).toEqual([
      { kind: blockKind.statusRollup, required: false },
      { kind: blockKind.statusRollup, required: false },
      { kind: blockKind.stackCounts, required: false }
    ])
    const plain = await openServer(false)
    expect(file.footer.blocks.slice(0, -3)).toEqual(plain.file.footer.blocks)
  })

  test('are read without any other block', async () => {
    const noise = builderFromText('0ms\nmain')
    const random = randomBytes(200_000)
    noise.push('opaque', { signal: 0, request: noise.addBlob(random), from: 0, to: 0 })
    const bytes = await encodeRecording(noise.snapshot(), meta, nodeCodec, { rollups: true })
    const source = memoryFile(bytes)
    const file = await openRecording(source, nodeCodec)
    expect((await file.readStackCounts())!.frames.name).toEqual(['main'])
    expect(source.bytesRead).toBeLessThan(70_000)
    expect(bytes.length).toBeGreaterThan(100_000)
  })

  test('that are damaged are refused, and the rest reads', async () => {
    const { file, bytes } = await openServer(true)
    const entry = file.footer.blocks.at(-1)!
    const damaged = bytes.slice()
    damaged[entry.offset + 3]! ^= 1
    const opened = await openRecording(memoryFile(damaged), nodeCodec)
    await expect(opened.readStackCounts()).rejects.toMatchObject({ code: 'corrupt' })
    expect((await opened.read()).samples.length).toBe(5)
  })
})
