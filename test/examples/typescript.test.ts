// The TypeScript example as its users run it: built by tsc, started with register.
import { execFileSync } from 'node:child_process'
import { cpSync, mkdtempSync, realpathSync, rmSync, symlinkSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createOtlpReceiver, type OtlpReceiver } from '../helpers/otlp-receiver.ts'
import { runNode, type Ended } from '../helpers/run-node.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const tsc = createRequire(import.meta.url).resolve('typescript/bin/tsc')

let folder: string
let receiver: OtlpReceiver

beforeAll(async () => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'microlog-test-typescript-')))
  cpSync(join(root, 'examples/typescript'), folder, { recursive: true })
  // As `npm install` would leave it.
  cpSync(join(root, 'package.json'), join(folder, 'node_modules/microlog/package.json'))
  symlinkSync(join(root, 'dist'), join(folder, 'node_modules/microlog/dist'))
  for (const name of ['@types', 'tsx', '@opentelemetry'])
    symlinkSync(join(root, 'node_modules', name), join(folder, 'node_modules', name))
  execFileSync(process.execPath, [tsc], { cwd: folder })
  receiver = await createOtlpReceiver()
})

afterAll(async () => {
  await receiver?.close()
  rmSync(folder, { recursive: true, force: true })
})

function start(label: string, ...args: string[]): Promise<Ended> {
  const env = { MICROLOG_OTLP_URL: receiver.url, MICROLOG_LABEL: label, MICROLOG_SAMPLE_DELAY: '0.005' }
  return runNode([...args, '1'], env, { cwd: folder })
}

/** What the recording says, with the folder's name left out. */
function said(label: string) {
  const short = (text: string) =>
    text.replaceAll(pathToFileURL(`${folder}/`).href, '').replaceAll(`${folder}/`, '')
  const logs = receiver.logs.filter(({ resource }) => resource['service.name'] === label)
  const profiles = receiver.profiles.filter(({ resource }) => resource['service.name'] === label)
  const frames = profiles.flatMap(({ stacks }) => stacks.flatMap(stack => stack.frames))
  return {
    places: logs.map(({ attributes }) =>
      short(`${String(attributes['code.file.path'])}:${String(attributes['code.line.number'])}`)
    ),
    stack: short(String(logs[1]?.attributes['exception.stacktrace'])).split('\n').slice(0, 3),
    frames: new Set(frames.map(short))
  }
}

describe('a TypeScript program', () => {
  test.each([
    ['compiled with source maps', ['dist/main.js']],
    ['compiled in memory by tsx', ['--import', 'tsx', 'src/main.ts']]
  ])('%s shows .ts files, their lines and its package', async (label, args) => {
    const ended = await start(label, '--import', 'microlog/register', ...args)
    expect(ended).toMatchObject({ code: 0, stdout: 'priced baskets\n' })
    const { places, stack, frames } = said(label)
    expect(places).toEqual(['src/main.ts:15', 'src/main.ts:20'])
    expect(stack).toEqual([
      'RangeError: nobody has nothing to price',
      expect.stringMatching(/^ {4}at priceBasket \(src\/price-basket\.ts:11:\d+\)$/),
      expect.stringMatching(/src\/main\.ts:18:\d+\)?$/)
    ])
    const ofProgram = [...frames].filter(frame => frame.includes('typescript-example'))
    expect(ofProgram).toContainEqual(
      expect.stringMatching(/^findDiscount src\/price-basket\.ts:22:\d+ typescript-example@1\.2\.3$/)
    )
    expect(ofProgram).toContainEqual(expect.stringMatching(/^priceBasket src\/price-basket\.ts:10:\d+ /))
    expect(ofProgram.filter(frame => !/ src\/[\w-]+\.ts:\d+:\d+ /.test(frame))).toEqual([])
  })
})
