import { afterAll, beforeAll, expect, test } from 'vitest'
import { createOtlpReceiver, type OtlpReceiver } from '../../helpers/otlp-receiver.ts'
import { cachedInstall } from '../../../scripts/cached-install.mjs'
import { programPath, registerUrl, runNode } from '../../helpers/run-node.ts'

const PATIENCE_MS = 180_000
const program = programPath('writes.mjs')
let receiver: OtlpReceiver
beforeAll(async () => {
  receiver = await createOtlpReceiver()
})
afterAll(() => receiver.close())

async function recordedBodies(label: string, settings: Record<string, string>): Promise<string[]> {
  const env = { MICROLOG_OTLP_URL: receiver.url, MICROLOG_LABEL: label, ...settings }
  const plain = await runNode([program])
  const recorded = await runNode(['--import', registerUrl, program], env)
  expect({ ...recorded, stderr: recorded.stderr.replace(/^microlog: .*\n/m, '') }).toEqual(plain)
  return receiver.logs.filter(log => log.resource['service.name'] === label).map(log => log.body)
}

test('asked for, every line written to stdout and stderr is an entry, what a logger wrote once', async () => {
  expect(await recordedBodies('streams', { MICROLOG_STREAMS: 'true' })).toEqual([
    'one line',
    'two lines',
    'of one write',
    'umlaut ä',
    'by the console',
    'to stderr',
    'under a wrapper',
    'raw under a wrapper',
    'swallowed',
    'piped',
    'green',
    'without an end'
  ])
  const byBody = (text: string) => receiver.logs.find(({ body }) => body === text)
  expect(byBody('one line')).toMatchObject({ severityNumber: 9, attributes: { 'log.iostream': 'stdout' } })
  expect(byBody('to stderr')).toMatchObject({ severityNumber: 17, attributes: { 'log.iostream': 'stderr' } })
  expect(byBody('one line')?.attributes['code.file.path']).toContain('writes.mjs')
})

test('not asked for, only what a logger wrote is', async () => {
  expect(await recordedBodies('no streams', {})).toEqual(['by the console', 'under a wrapper', 'swallowed'])
})

test(
  'a logger that writes by itself has its levels, its lines together and the line that called it',
  async () => {
    const folder = await cachedInstall({ log4js: '6' })
    // Unheard as a logger, it is one of those that aren't known.
    const env = {
      MICROLOG_OTLP_URL: receiver.url,
      MICROLOG_LABEL: 'log4js',
      MICROLOG_STREAMS: 'true',
      MICROLOG_CONSOLE: 'false'
    }
    await runNode(['--import', registerUrl, programPath('writes-by-package.mjs'), folder], env)
    const logs = receiver.logs.filter(log => log.resource['service.name'] === 'log4js')
    expect(logs).toMatchObject([
      {
        severity: 'INFO',
        severityNumber: 9,
        body: expect.stringMatching(/\[INFO\] shop - placed$/) as string
      },
      {
        severity: 'WARN',
        severityNumber: 13,
        body: expect.stringMatching(/shop - late \{\n.*\n\}$/s) as string
      }
    ])
    for (const { attributes } of logs) {
      expect(attributes['code.file.path']).toContain('writes-by-package.mjs')
    }
  },
  PATIENCE_MS
)
