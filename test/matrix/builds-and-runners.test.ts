// Bundlers and TypeScript runners.
import { build } from 'esbuild'
import { rolldown } from 'rolldown'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { createApplication, type Application } from '../helpers/application.ts'
import { createOtlpReceiver, type OtlpReceiver } from '../helpers/otlp-receiver.ts'
import { runNode } from '../helpers/run-node.ts'

const programs = fileURLToPath(new URL('programs/', import.meta.url))
const tsx = import.meta.resolve('tsx')
const tsxCommand = fileURLToPath(new URL('../../node_modules/.bin/tsx', import.meta.url))

let application: Application
let receiver: OtlpReceiver
beforeAll(async () => {
  application = await createApplication(20, { '@opentelemetry/api': '~1.9.1' }, programs)
})
afterAll(() => application?.remove())
beforeEach(async () => {
  receiver = await createOtlpReceiver()
})
afterEach(() => receiver.close())

const run = (args: string[]) =>
  runNode(
    args,
    { MICROLOG_OTLP_URL: receiver.url, OTEL_SDK_DISABLED: 'true', MICROLOG_LABEL: 'typed' },
    {
      cwd: application.folder
    }
  )
const bodies = () => receiver.logs.map(({ body }) => body)

const bundlers = {
  async esbuild(entry: string, outfile: string, format: 'esm' | 'cjs', external: string[]) {
    const options = { entryPoints: [entry], outfile, format, external }
    await build({ ...options, bundle: true, platform: 'node', logLevel: 'error' })
  },
  async rolldown(input: string, file: string, format: 'esm' | 'cjs', external: string[]) {
    const bundle = await rolldown({ input, platform: 'node', external, logLevel: 'silent' })
    await bundle.write({ file, format, codeSplitting: false })
    await bundle.close()
  }
}
const bundles = (['esbuild', 'rolldown'] as const).flatMap(bundler =>
  (['esm', 'cjs'] as const).map(format => ({ bundler, format }))
)

test.each(bundles)(
  'a bundle by $bundler ($format) records with microlog left out of it, and says so where it is inside',
  async ({ bundler, format }) => {
    const entry = join(application.folder, 'bundled.mjs')
    const ending = format === 'esm' ? 'mjs' : 'cjs'
    const outside = join(application.folder, `outside.${ending}`)
    await bundlers[bundler](entry, outside, format, ['microlog'])
    const stdout = 'in the bundle\nresult\n'
    expect(await run([outside])).toMatchObject({ code: 0, stdout })
    expect(bodies()).toEqual(['in the bundle'])

    const inside = join(application.folder, `inside.${ending}`)
    await bundlers[bundler](entry, inside, format, [])
    const ended = await run([inside])
    expect(ended).toMatchObject({ code: 0, stdout })
    expect(ended.stderr).toMatch(
      /^microlog: nothing is recorded: .* leave it out, as an external package .*\n$/
    )
  }
)

test('a TypeScript program run by tsx is recorded, by --import and by microlog run', async () => {
  const byImport = await run(['--import', tsx, '--import', 'microlog/register', 'typed.ts'])
  expect(byImport).toMatchObject({ code: 0, stdout: 'hello from TypeScript\n', stderr: '' })
  expect(bodies()).toEqual(['hello from TypeScript'])
  expect(receiver.profiles.some(({ strings }) => strings.includes('greet'))).toBe(true)

  const cli = 'node_modules/microlog/dist/cli/main.js'
  const store = ['--store', join(application.folder, 'store')]
  const byRun = await run([cli, 'run', ...store, 'typed', '--', tsxCommand, 'typed.ts'])
  expect(byRun).toMatchObject({ code: 0, stdout: 'hello from TypeScript\n' })
  const listed = await run([cli, 'ls', ...store, '--json'])
  expect(JSON.parse(listed.stdout)).toContainEqual(expect.objectContaining({ label: 'typed', logs: 1 }))
})
