// The README's set-up, installed as a package, on each release line of Node, with each line of the OpenTelemetry SDK that
// it runs, as ES modules and as CommonJS: what the service did is what the collector tells.
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { runNode } from '../helpers/run-node.ts'
import { createApplication, linesWithAddon, type Application } from '../helpers/application.ts'
import { serve } from './serve.ts'
import { nodeLines, sdkLinesOf, sdkPackages } from './sdk-lines.ts'
import { readTold } from './told.ts'

const programs = fileURLToPath(new URL('programs/', import.meta.url))
const combinations = nodeLines.flatMap(node => sdkLinesOf(node).map(sdk => ({ node, sdk })))
const fallbackLine =
  /^microlog: v8-profiler-next can't be used here \(.*\): sampling with Node's inspector; .*\n/

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
})
