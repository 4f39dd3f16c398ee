// The ways out of a process, and what is to be found of it afterwards. For any release of Node.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'vitest'
import type { OtlpReceiver } from '../helpers/otlp-receiver.ts'
import { programPath, registerUrl, startNode, type Ended } from '../helpers/run-node.ts'

export interface ExitWay {
  name: string
  flags?: string[]
  /** Sent once it is ready. */
  signal?: NodeJS.Signals
  /** Its reader goes away once it is ready. */
  closesStdout?: true
  /** Sent that often. */
  times?: number
  /** The level at which an error that nobody caught is recorded. */
  error?: 'FATAL' | 'ERROR'
  /** Nothing of ours runs any more: what wasn't sent yet is lost. */
  abrupt?: true
}

export const exitWays: readonly ExitWay[] = [
  { name: 'natural' },
  { name: 'exit code' },
  { name: 'before exit' },
  { name: 'exit' },
  { name: 'exit listener' },
  { name: 'exit in exit listener' },
  { name: 'exit listener throws', error: 'FATAL' },
  { name: 'reallyExit' },
  { name: 'throw', error: 'FATAL' },
  { name: 'throw, handled', error: 'ERROR' },
  { name: 'reject', error: 'FATAL' },
  { name: 'reject, handled' },
  { name: 'reject, warned of', flags: ['--unhandled-rejections=warn'] },
  { name: 'reject, ignored', flags: ['--unhandled-rejections=none'] },
  { name: 'reject, strictly', flags: ['--unhandled-rejections=strict'], error: 'FATAL' },
  { name: 'throw in a worker thread', error: 'FATAL' },
  { name: 'SIGTERM', signal: 'SIGTERM' },
  { name: 'SIGINT', signal: 'SIGINT' },
  { name: 'SIGHUP', signal: 'SIGHUP' },
  { name: 'SIGTERM, handled', signal: 'SIGTERM' },
  { name: 'SIGINT, handled slowly', signal: 'SIGINT' },
  { name: 'SIGTERM, raised again', signal: 'SIGTERM' },
  { name: 'SIGTERM, raised again later', signal: 'SIGTERM' },
  { name: 'SIGTERM, handled by a library', signal: 'SIGTERM' },
  { name: 'SIGINT, impatiently', signal: 'SIGINT', times: 3 },
  { name: 'nobody reads on', closesStdout: true, error: 'FATAL' },
  { name: 'SIGKILL of itself' },
  { name: 'abort', abrupt: true },
  { name: 'no such process', error: 'FATAL' }
]

const program = programPath('exit-ways.mjs')
const truthUrl = new URL('programs/sample-truth.mjs', import.meta.url).href

/** Ends a program in this way, unrecorded and recorded, and compares. */
export async function checkExitWay(way: ExitWay, receiver: OtlpReceiver, node: string): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'microlog-test-exit-'))
  try {
    const truthFile = join(folder, 'truth')
    const label = `${node} ${way.name}`
    const [plain, recorded] = await Promise.all([
      endOf(way, node, [], {}),
      endOf(way, node, ['--import', truthUrl, '--import', registerUrl], {
        MICROLOG_OTLP_URL: receiver.url,
        MICROLOG_LABEL: label,
        MICROLOG_SAMPLE_DELAY: '0.001',
        OTEL_SDK_DISABLED: 'true',
        TRUTH_FILE: truthFile
      })
    ])
    expect(endingOf(way, recorded)).toEqual(endingOf(way, plain))
    if (way.abrupt) return
    checkLogs(way, receiver, label, plain.stdout)
    checkSamples(receiver, label, readTruth(truthFile))
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Of what nobody reads, how much was printed differs from run to run, and our `write` is in the stack of the error. */
function endingOf({ closesStdout }: ExitWay, { code, signal, stdout, stderr }: Ended): Ended {
  const said = programOutput(stderr)
  return closesStdout
    ? { code, signal, stdout: '', stderr: said.replace(/^ +at .*\n/gm, '') }
    : { code, signal, stdout, stderr: said }
}

async function endOf(
  { name, flags = [], signal, times = 1, closesStdout }: ExitWay,
  node: string,
  args: string[],
  env: Record<string, string>
): Promise<Ended> {
  const started = startNode([...flags, ...args, program, name], env, { node })
  if (signal !== undefined || closesStdout) await started.printed('ready')
  for (let time = 0; signal !== undefined && time < times; time++) started.child.kill(signal)
  if (closesStdout) started.child.stdout!.destroy()
  return started.ended
}

/**
 * Without the one line of ours that says which sampler is used, and what differs from run to run: Node's own frames (an
 * error comes from a worker by its message or with its end) and where in Node's files something is. Of errors that
 * `process.kill` throws, our frame is in the stack.
 */
function programOutput(stderr: string): string {
  return (
    stderr
      .replace(/^microlog: v8-profiler-next can't be used here.*\n/m, '')
      .replace(/^ +at process\.kill .*\/dist\/instrumentation\/bundled-[\w-]+\.js:.*\n/m, '')
      // The native part of the stack that `abort` prints.
      .replace(/^ *\d+: 0x.*\n/gm, '')
      .replace(/^ +at .*[( ]node:.*\n/gm, '')
      .replace(/node:[^ )\n]*:\d+/g, 'node')
      .replace(/\(node:\d+\)|0x[0-9a-f]+/g, '')
  )
}

function checkLogs(way: ExitWay, receiver: OtlpReceiver, label: string, stdout: string): void {
  const logs = receiver.logs.filter(({ resource }) => resource['service.name'] === label)
  const printed = logs.filter(({ attributes }) => attributes['log.iostream'] === 'stdout')
  const lines = way.closesStdout
    ? ['first line', 'last line', 'ready', 'and on']
    : stdout.trimEnd().split('\n')
  const bodies = printed.map(({ body }) => body)
  expect(way.closesStdout ? [...new Set(bodies)] : bodies).toEqual(lines)
  // A worker thread tells of its own error in its own track.
  const errors = logs.filter(
    ({ attributes }) => attributes['log.iostream'] === undefined && attributes['thread.id'] === undefined
  )
  expect(errors.map(({ severity }) => severity)).toEqual(way.error === undefined ? [] : [way.error])
  expect(new Set(logs.map(({ attributes }) => attributes['log.record.uid'])).size).toBe(logs.length)
}

interface Truth {
  /** Each start of a profile takes a sample that isn't the program's. */
  starts: number
  samples: number
}

function readTruth(file: string): Truth {
  const parts = readFileSync(file, 'utf8')
    .trimEnd()
    .split('\n')
    .map(line => JSON.parse(line) as { starts: number; times: number[] })
  return {
    starts: parts.reduce((sum, { starts }) => sum + starts, 0),
    samples: new Set(parts.flatMap(({ times }) => times)).size
  }
}

/** Of what V8 sampled for the recorder, 99.9 % have arrived, and its last moments are among it. */
function checkSamples(receiver: OtlpReceiver, label: string, truth: Truth): void {
  const profiles = receiver.profiles.filter(({ resource }) => resource['service.name'] === label)
  const arrived = profiles.reduce((sum, { samples }) => sum + samples, 0)
  expect(truth.samples).toBeGreaterThan(10)
  expect(arrived).toBeGreaterThanOrEqual(0.999 * truth.samples - truth.starts)
  const wall = profiles.filter(({ type }) => type === 'wall')
  expect(wall.some(({ strings }) => strings.includes('lastMoments'))).toBe(true)
}
