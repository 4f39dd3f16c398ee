// Each call of each logger once, with its stack and its span: on each Node, loaded before and after the set-up, and where
// OpenTelemetry's own instrumentations send the same calls.
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createApplication, type Application } from '../helpers/application.ts'
import { runNode } from '../helpers/run-node.ts'
import { sdkPackages, nodeLines } from './sdk-lines.ts'
import { serve } from './serve.ts'
import { readTold, type Told } from './told.ts'

const programs = fileURLToPath(new URL('programs/', import.meta.url))
const loggers = { bunyan: '^2.0.5', pino: '^10.4.0', winston: '^3.19.0' }
const said = ['Console', 'Pino', 'Winston', 'Bunyan']

/** Without what differs from run to run: when, in which process, and which logger's stream comes first. */
function printed(stdout: string): string[] {
  return stdout
    .replace(/"(?:time|pid)":(?:\d+|"[^"]*")/g, '')
    .split('\n')
    .sort()
}

/** What each logger said, in which span, and whether the function that called it is in the stack. */
function heard({ logs }: Told): unknown[] {
  return logs.map(({ body, span, stack }) => [body, span, stack.filter(name => /^sayBy/.test(name))])
}

const expected = said.map(name => [`by ${name.toLowerCase()}`, 'say', [`sayBy${name}`]])

async function record(application: Application, args: string[], env: Record<string, string> = {}) {
  const collector = await serve(application)
  const ended = await runNode(
    args,
    { MICROLOG_SERVER: collector.uiUrl, OTEL_EXPORTER_OTLP_ENDPOINT: collector.otlpUrl, ...env },
    { node: application.node, cwd: application.folder }
  )
  expect(ended).toMatchObject({ code: 0, signal: null })
  const told = await readTold(collector.uiUrl, 1)
  expect(await collector.end()).toBe(0)
  return { stdout: printed(ended.stdout), told }
}

describe.each(nodeLines)('Node %i', node => {
  let application: Application
  beforeAll(async () => {
    application = await createApplication(node, { ...sdkPackages['2.x'], ...loggers }, programs)
  })
  afterAll(() => application?.remove())

  test.each([
    {
      when: 'ES modules, loaded after the set-up',
      args: ['--import', './telemetry.mjs', 'loggers.mjs'],
      plain: ['loggers.mjs']
    },
    {
      when: 'CommonJS, loaded before the set-up',
      args: ['loggers.cjs'],
      plain: ['loggers.cjs', 'plain']
    }
  ])('$when: every logger is heard, each call once, and prints as before', async ({ args, plain }) => {
    const [{ stdout, told }, unrecorded] = await Promise.all([
      record(application, args),
      runNode(plain, {}, { node: application.node, cwd: application.folder })
    ])
    expect(stdout).toEqual(printed(unrecorded.stdout))
    expect(heard(told)).toEqual(expected)
  })
})

describe('beside the log instrumentations of OpenTelemetry', () => {
  let application: Application
  beforeAll(async () => {
    const instrumentations = {
      '@opentelemetry/instrumentation': '~0.223.0',
      '@opentelemetry/instrumentation-bunyan': '~0.68.0',
      '@opentelemetry/instrumentation-pino': '~0.69.0',
      '@opentelemetry/instrumentation-winston': '~0.68.1',
      '@opentelemetry/winston-transport': '*'
    }
    application = await createApplication(
      20,
      { ...sdkPackages['2.x'], ...loggers, ...instrumentations },
      programs
    )
  })
  afterAll(() => application?.remove())

  test('a call that is sent twice is one line', async () => {
    const { told } = await record(application, ['--import', './telemetry-logs.mjs', 'loggers.mjs'], {
      OTEL_LOGS_EXPORTER: 'otlp',
      OTEL_SERVICE_NAME: 'loggers'
    })
    expect(told.recordings[0]!.logs).toBe(said.length)
    expect(
      told.logLines
        .map(({ body }) => body)
        .filter(body => body.startsWith('by '))
        .sort()
    ).toEqual(expected.map(([body]) => body).sort())
    expect(heard(told)).toEqual(expected)
  })
})
