// node --import microlog/register app.js: the whole set-up from the environment. Loaded again in every worker thread and,
// through NODE_OPTIONS, in every child that runs Node.
import { realpathSync } from 'node:fs'
import { isMainThread } from 'node:worker_threads'
import { messageOf } from '../base/errors.ts'
import { startApplicationSdk, startThreadSdk, type SpanTaker } from './identity/application-sdk.ts'
import { isFalse } from './options.ts'
import { runningRecorder, startRecorder } from './recorder.ts'

/** These only start the program that is meant: npm and npx, yarn (its releases in .yarn, too), pnpm, what corepack has for them. */
const starter =
  /(?:^|[\\/])(?:np[mx]-cli\.js|yarn(?:-[\d.]+)?\.c?js|pnp[mx]\.[cm]js|corepack[\\/]dist[\\/]\w+\.js)$/

/** The file itself: on a path of commands they are links without an ending. */
function realFile(script: string | undefined): string {
  try {
    return script === undefined ? '' : realpathSync(script)
  } catch {
    // No file, or none that may be read.
    return script ?? ''
  }
}

/** Started by a process whose children aren't to be recorded. */
const isUnwanted = Boolean(process.env.MICROLOG_PARENT_ID) && isFalse(process.env.MICROLOG_CHILDREN)
if (!isUnwanted && !starter.test(realFile(process.argv[1]))) {
  const recorder = startRecorder()
  // Where a thread has to do without one, that is the application's own affair.
  if (recorder !== undefined && (isMainThread || !recorder.hasSdk)) {
    try {
      const { script } = recorder
      // Recording may be stopped and begun again: the spans are for the one that runs.
      const taker: SpanTaker = { spans: spans => runningRecorder()?.spans(spans) }
      const outcome = isMainThread ? startApplicationSdk(taker, script) : startThreadSdk(taker, script)
      if (outcome === 'started') recorder.startSdkInThreads()
      if (outcome === 'left to the application') recorder.expectSdk()
    } catch (error) {
      // The program runs on without traces.
      process.emitWarning(
        `the OpenTelemetry SDK could not be started: ${messageOf(error)}`,
        'MicrologWarning'
      )
    }
  }
}
