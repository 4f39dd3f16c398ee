// node --import microlog/register app.js: the whole set-up from the environment. Loaded again in every worker thread and,
// through NODE_OPTIONS, in every child that runs Node.
import { basename } from 'node:path'
import { isMainThread } from 'node:worker_threads'
import { messageOf } from '../base/errors.ts'
import { startApplicationSdk } from './application-sdk.ts'
import { startRecorder } from './recorder.ts'

/** These only start the program that is meant. */
const starters = new Set([
  'npm-cli.js',
  'npx-cli.js',
  'yarn.js',
  'yarn.cjs',
  'pnpm.cjs',
  'pnpm.mjs',
  'corepack.js'
])

const script = process.argv[1]
if (!starters.has(basename(script ?? ''))) {
  const recorder = startRecorder()
  // A worker thread's spans are the application's own affair.
  if (recorder !== undefined && isMainThread) {
    try {
      if (startApplicationSdk(recorder, script) === 'left to the application') recorder.expectSdk()
    } catch (error) {
      // The program runs on without traces.
      process.emitWarning(
        `the OpenTelemetry SDK could not be started: ${messageOf(error)}`,
        'MicrologWarning'
      )
    }
  }
}
