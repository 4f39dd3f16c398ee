// Other profilers in the same process: nobody's program changes, and ours goes on recording.
import { fileURLToPath } from 'node:url'
import { expect, onTestFinished, test } from 'vitest'
import { createApplication } from '../helpers/application.ts'
import { createOtlpReceiver } from '../helpers/otlp-receiver.ts'
import { runNode } from '../helpers/run-node.ts'

const programs = fileURLToPath(new URL('programs/', import.meta.url))
/** Nobody listens there. */
const nowhere = '9'
const others = [
  {
    name: '@pyroscope/nodejs',
    lines: [20, 22, 24],
    packages: { '@pyroscope/nodejs': '~0.6.4' },
    args: ['--import', './start-pyroscope.mjs'],
    env: { PYROSCOPE_SERVER_ADDRESS: `http://127.0.0.1:${nowhere}` }
  },
  {
    name: 'dd-trace, its profiler on',
    lines: [22, 24],
    packages: { 'dd-trace': '^6.21.0' },
    args: ['--require', 'dd-trace/init'],
    env: {
      DD_PROFILING_ENABLED: 'true',
      DD_TRACE_AGENT_PORT: nowhere,
      DD_TRACE_STARTUP_LOGS: 'false',
      DD_INSTRUMENTATION_TELEMETRY_ENABLED: 'false',
      DD_REMOTE_CONFIGURATION_ENABLED: 'false'
    }
  }
] as const

test.each(others.flatMap(other => other.lines.map(line => ({ ...other, line }))))(
  'beside $name on Node $line the program ends as ever, with all its samples and logs recorded',
  async ({ line, packages, args, env }) => {
    const application = await createApplication(line, packages, programs)
    onTestFinished(() => application.remove())
    const receiver = await createOtlpReceiver()
    onTestFinished(() => receiver.close())
    const run = (before: string[], more: Record<string, string>) =>
      runNode(
        [...before, 'burn.mjs'],
        { ...env, ...more },
        { node: application.node, cwd: application.folder }
      )
    const plain = await run([...args], {})
    for (const order of [
      [...args, '--import', 'microlog/register'],
      ['--import', 'microlog/register', ...args]
    ]) {
      const seen = receiver.profiles.length
      const logs = receiver.logs.length
      const ended = await run(order, { MICROLOG_OTLP_URL: receiver.url, OTEL_SDK_DISABLED: 'true' })
      expect({ code: ended.code, signal: ended.signal, stdout: ended.stdout }).toEqual({
        code: plain.code,
        signal: plain.signal,
        stdout: plain.stdout
      })
      expect(ended).toMatchObject({ code: 4, signal: null, stdout: 'burnt\n' })
      expect(receiver.logs.slice(logs).map(({ body }) => body)).toEqual(['burnt'])
      const burning = receiver.profiles
        .slice(seen)
        .filter(({ type }) => type === 'wall')
        .flatMap(({ stacks }) => stacks)
        .filter(({ frames }) => frames.some(frame => frame.startsWith('burnSlice ')))
      expect(burning.reduce((sum, { samples }) => sum + samples, 0)).toBeGreaterThan(10)
    }
  }
)
