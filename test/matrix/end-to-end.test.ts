// The README's set-up, installed as a package, on each release line of Node, with each line of the OpenTelemetry SDK that
// it runs, as ES modules and as CommonJS: what the service did is what the collector tells.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { runNode } from '../helpers/run-node.ts'
import { createApplication, linesWithAddon, type Application } from '../helpers/application.ts'
import { serve } from './serve.ts'
import { nodeLines, sdkLinesOf, sdkPackages } from './sdk-lines.ts'
import { readTold } from './told.ts'

const programs = fileURLToPath(new URL('programs/', import.meta.url))
const readme = readFileSync(fileURLToPath(new URL('../../README.md', import.meta.url)), 'utf8')
const combinations = nodeLines.flatMap(node => sdkLinesOf(node).map(sdk => ({ node, sdk })))
const fallbackLine =
  /^microlog: v8-profiler-next can't be used here \(.*\): sampling with Node's inspector; .*\n/
const onlyFallback = new RegExp(`${fallbackLine.source}$|^$`)

describe.each(combinations)('Node $node with SDK $sdk', ({ node, sdk }) => {
  let application: Application
  beforeAll(async () => {
    application = await createApplication(node, sdkPackages[sdk], programs)
  })
  afterAll(() => application?.remove())

  test.each([
    { modules: 'ES modules', args: ['--import', './telemetry.mjs', 'service.mjs'] },
    { modules: 'CommonJS', args: ['--require', './telemetry.cjs', 'service.cjs'] }
  ])('$modules: traces, logs with their stacks, samples and statuses arrive', async ({ args }) => {
    const collector = await serve(application)
    const ended = await runNode(
      args,
      { MICROLOG_SERVER: collector.uiUrl, OTEL_EXPORTER_OTLP_ENDPOINT: collector.otlpUrl },
      { node: application.node, cwd: application.folder }
    )
    expect(ended).toMatchObject({ code: 0, stdout: 'handled /a\nhandled /b\nhandled /c\n' })
    // The one word that is ours: which sampler serves.
    const hasAddon = linesWithAddon.includes(node)
    if (!hasAddon) expect(ended.stderr).toMatch(fallbackLine)
    expect(ended.stderr.replace(fallbackLine, '')).toBe('done\n')

    const spans = ['GET /a', 'GET /b', 'GET /c']
    const told = await readTold(collector.uiUrl, spans.length)
    expect(told.recordings).toMatchObject([{ label: 'service', spans: 3, logs: 4 }])
    expect(told.recordings[0]!.statuses).toBeGreaterThan(0)
    expect(told.traces.map(({ name, logs }) => [name, logs]).sort()).toEqual(spans.map(name => [name, 1]))
    expect(Math.min(...told.traces.map(({ samples }) => samples))).toBeGreaterThan(0)
    expect(told.spans).toEqual(spans)
    expect(told.sampledSpans).toEqual(spans)
    expect(told.startedSpans).toEqual(spans)
    expect(told.logs).toMatchObject([
      ...spans.map(span => ({ body: span.replace('GET', 'handled'), span })),
      { body: 'done', span: undefined }
    ])
    expect(told.logs.map(({ stack }) => stack[0])).toEqual(['answer', 'answer', 'answer', 'runService'])
    expect(await collector.end()).toBe(0)
  })

  async function record(args: string[]) {
    const collector = await serve(application)
    writeFileSync(
      join(application.folder, 'readme.mjs'),
      /```js\n(\/\/ telemetry\.mjs .*?)```/s
        .exec(readme)![1]!
        .replace('http://127.0.0.1:4318', collector.otlpUrl)
    )
    const ended = await runNode(
      args,
      { MICROLOG_SERVER: collector.uiUrl, OTEL_EXPORTER_OTLP_ENDPOINT: collector.otlpUrl },
      { node: application.node, cwd: application.folder }
    )
    expect(ended).toMatchObject({ code: 0, stderr: expect.stringMatching(onlyFallback) })
    return { collector, stdout: ended.stdout }
  }

  test.each(['client.mjs', 'client.cjs'])(
    "the README's lines, HttpInstrumentation in them: %s has a span for what it asks and for what it answers",
    async program => {
      const { collector, stdout } = await record(['--import', './readme.mjs', program])
      expect(stdout).toBe('handled /orders/7\n')
      const told = await readTold(collector.uiUrl, 2)
      expect(told.spans).toEqual(['GET', 'GET'])
      expect(told.logs).toMatchObject([{ body: 'handled /orders/7', span: 'GET' }])
      expect(told.traces).toMatchObject([{ spans: 2 }])
      expect(await collector.end()).toBe(0)
    }
  )

  test('without a set-up, the spans of a worker thread arrive as well', async () => {
    const { collector, stdout } = await record(['--import', 'microlog/register', 'thread.mjs'])
    expect(stdout).toBe('recorded\nrecorded\n')
    expect((await readTold(collector.uiUrl, 2)).spans).toEqual(['answer', 'ask'])
    expect(await collector.end()).toBe(0)
  })

  test('withMicrolog: a traceExporter beside spanProcessors exports', async () => {
    const { collector, stdout } = await record(['two-processors.mjs'])
    expect(stdout).toBe('counted\n')
    expect((await readTold(collector.uiUrl, 1)).spans).toEqual(['exported'])
    expect(await collector.end()).toBe(0)
  })
})
