import { readFileSync, readdirSync } from 'node:fs'
import { gunzipSync, gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { importFile } from '../../../src/collector/exchange/import-file.ts'
import { detectProfileFormat } from '../../../src/collector/exchange/profile-formats.ts'
import { openStore } from '../../../src/collector/open-store.ts'
import { cpuprofileFixture, cpuprofileFixtures } from '../../helpers/cpuprofile-fixtures.ts'
import { encodeByOracle } from '../../helpers/otlp-oracle.ts'
import { otlpFixtures } from '../../helpers/otlp-fixtures.ts'
import { pprofFromText } from '../../helpers/pprof-from-text.ts'
import { Random } from '../../helpers/random.ts'
import { randomRequest } from '../../helpers/random-otlp.ts'
import { temporaryFolder } from '../temporary-store.ts'

const pprof = pprofFromText({ types: ['samples/count', 'cpu/nanoseconds'], samples: ['main f: 2 20000000'] })
const $schema = 'https://www.speedscope.app/file-format-schema.json'
const speedscope = {
  shared: { frames: [{ name: 'main' }] },
  profiles: [
    {
      type: 'sampled',
      name: 'main',
      unit: 'seconds',
      startValue: 0,
      endValue: 1,
      samples: [[0]],
      weights: [1]
    }
  ]
}

function bytesOf(json: unknown): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(json))
}

async function imported(name: string, bytes: Uint8Array): Promise<Record<string, unknown>> {
  const { catalog, library } = await openStore(temporaryFolder())
  const { ids } = await importFile(name, bytes, { catalog })
  const again = await importFile(name, bytes, { catalog })
  expect(again.ids).toEqual(ids)
  const [opened] = await library.open(ids[0]!)
  const { meta, counts } = opened!.file.footer
  return { label: meta.label, resource: meta.resource, samples: counts.samples }
}

describe('a file of a profiler', () => {
  test('is told from OTLP: no OTLP body that we have is taken for one', () => {
    for (const { name, bytes } of otlpFixtures()) expect(detectProfileFormat(bytes), name).toBeUndefined()
    const shop = new URL('../../fixtures/otlp/shop/', import.meta.url)
    for (const name of readdirSync(shop))
      expect(detectProfileFormat(readFileSync(new URL(name, shop))), name).toBeUndefined()
    for (const signal of ['traces', 'logs', 'metrics', 'profiles'] as const)
      for (let seed = 1; seed <= 50; seed++) {
        const bytes = encodeByOracle(signal, randomRequest(new Random(seed), signal))
        expect(detectProfileFormat(bytes), `${signal} ${seed}`).toBeUndefined()
      }
  })

  test('is known by what it says, wherever it says so; a .cpuprofile says nothing', () => {
    expect(detectProfileFormat(pprof)?.label).toBe('pprof')
    expect(detectProfileFormat(bytesOf({ $schema, ...speedscope }))?.label).toBe('speedscope')
    expect(detectProfileFormat(bytesOf({ ...speedscope, $schema }))?.label).toBe('speedscope')
    expect(detectProfileFormat(bytesOf(speedscope))).toBeUndefined()
    for (const name of cpuprofileFixtures)
      expect(detectProfileFormat(cpuprofileFixture(name)), name).toBeUndefined()
    const named = { nodes: [{ callFrame: { functionName: `"$schema": "${$schema}"` } }] }
    expect(detectProfileFormat(bytesOf(named))).toBeUndefined()
  })

  test.each<[string, Uint8Array, string, number]>([
    ['cpu.pb.gz', gzipSync(pprof), 'cpu', 2],
    ['cpu.pprof', pprof, 'cpu', 2],
    ['', pprof, 'pprof', 2],
    ['run.speedscope.json', bytesOf({ $schema, ...speedscope }), 'run', 1],
    ['run.json.gz', gzipSync(bytesOf({ $schema, ...speedscope })), 'run', 1]
  ])('%s is stored once, under its name', async (name, bytes, label, samples) => {
    expect(await imported(name, bytes)).toEqual({
      label,
      samples,
      resource: expect.objectContaining({ 'service.name': label })
    })
  })

  test.each(['\n\n', ' \t', '\ufeff', '\ufeff\r\n'])('of JSON is taken with %j before it', async blanks => {
    const files: [string, Uint8Array][] = [
      ['run.speedscope.json', bytesOf({ $schema, ...speedscope })],
      ['run.cpuprofile', cpuprofileFixture(cpuprofileFixtures[0]!)]
    ]
    for (const [name, bytes] of files)
      expect(await imported(name, Buffer.concat([Buffer.from(blanks), bytes]))).toMatchObject({
        label: 'run'
      })
  })

  test('of @datadog/pprof is taken as its encoder writes it', async () => {
    const bytes = readFileSync(new URL('../../fixtures/pprof/datadog-cpu.pb.gz', import.meta.url))
    expect(await imported('datadog-cpu.pb.gz', bytes)).toMatchObject({ label: 'datadog-cpu' })
  })

  test('that is cut short or hostile is refused, and nothing of it is stored', async () => {
    const { catalog } = await openStore(temporaryFolder())
    const lastString = Buffer.from(pprof).lastIndexOf('app.go') + 'app.go'.length
    const files = Array.from({ length: lastString }, (_, length) => pprof.subarray(0, length))
    const heap = readFileSync(new URL('../../fixtures/pprof/datadog-heap.pb.gz', import.meta.url))
    const whole = bytesOf({ $schema, ...speedscope })
    files.push(gunzipSync(heap), heap.subarray(0, 100), whole.subarray(0, -1))
    files.push(bytesOf({ $schema, ...speedscope, profiles: [] }))
    for (const file of files) {
      await expect(importFile('x', file, { catalog }), `${file.length} bytes`).rejects.toMatchObject({
        name: 'MicrologError'
      })
    }
    expect(await catalog.segments()).toEqual([])
  })
})
