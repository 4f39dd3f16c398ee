import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { expect, test } from 'vitest'
import { encodeProfileAside } from '../../../src/collector/exchange/encode-profile-aside.ts'
import { encodeProfile } from '../../../src/collector/exchange/encode-profile.ts'
import type { ProfileJob } from '../../../src/collector/exchange/encode-profile.ts'
import { temporaryFolder } from '../temporary-store.ts'

const built = new URL('../../../dist/collector/exchange/profile-worker.js', import.meta.url)

/** A speedscope file of so many samples, each of a function of its own. */
function jobOf(samples: number, weights?: number): ProfileJob {
  const numbers = Array.from({ length: samples }, (_, i) => i)
  const profile = {
    type: 'sampled',
    name: 'main',
    unit: 'milliseconds',
    startValue: 0,
    endValue: samples,
    samples: numbers.map(i => [i]),
    weights: numbers.slice(0, weights).map(() => 1)
  }
  const file = {
    $schema: 'https://www.speedscope.app/file-format-schema.json',
    shared: { frames: numbers.map(i => ({ name: `function ${i}` })) },
    profiles: [profile]
  }
  return {
    format: 'speedscope',
    bytes: Buffer.from(JSON.stringify(file)),
    label: 'work',
    recording: 'r'.repeat(26),
    startUnixNano: 1_700_000_000_000_000_000n
  }
}

/** A script for the thread, and whether it has run. */
function scriptOf(text: string): { script: URL; hasRun(): boolean } {
  const folder = temporaryFolder()
  const [path, ran] = [join(folder, 'worker.mjs'), join(folder, 'ran')]
  writeFileSync(
    path,
    `import { writeFileSync } from 'node:fs'\nwriteFileSync(${JSON.stringify(ran)}, '')\n${text}`
  )
  return { script: pathToFileURL(path), hasRun: () => existsSync(ran) }
}

const asBuilt = `await import(${JSON.stringify(built.href)})`

test('a large file becomes the same segment in a thread, a small one without', async () => {
  for (const [samples, aside] of [
    [20_000, true],
    [10, false]
  ] as const) {
    const { script, hasRun } = scriptOf(asBuilt)
    const job = jobOf(samples)
    expect(Buffer.compare(await encodeProfileAside(job, script), await encodeProfile(job))).toBe(0)
    expect(hasRun()).toBe(aside)
  }
})

test('what is refused there says why as it does here', async () => {
  const { script, hasRun } = scriptOf(asBuilt)
  const job = jobOf(20_000, 3)
  const why = (await encodeProfile(job).catch((thrown: unknown) => thrown)) as Error & { code: string }
  expect(why.code).toBe('invalid-input')
  await expect(encodeProfileAside(job, script)).rejects.toMatchObject({
    code: why.code,
    message: why.message
  })
  expect(hasRun()).toBe(true)
})

test('a file that ends its thread ends nothing else', async () => {
  const dying = `import { parentPort } from 'node:worker_threads'
    parentPort.postMessage({ ready: true })
    parentPort.on('message', () => process.exit(3))`
  await expect(encodeProfileAside(jobOf(20_000), scriptOf(dying).script)).rejects.toMatchObject({
    code: 'unavailable'
  })
})

test('without a thread it is read here', async () => {
  const job = jobOf(20_000)
  const missing = pathToFileURL(join(temporaryFolder(), 'nowhere.js'))
  expect(Buffer.compare(await encodeProfileAside(job, missing), await encodeProfile(job))).toBe(0)
})
