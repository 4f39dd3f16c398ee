import type { Settings } from '../options.ts'
import { bunyanModule } from './bunyan-capture.ts'
import { captureConsole } from './console-capture.ts'
import type { LogCapture } from './log-capture.ts'
import { watchLoggerModules } from './logger-modules.ts'
import { log4jsModule } from './log4js-capture.ts'
import { nestModules } from './nest-capture.ts'
import { createOtelLogMarks } from './otel-logs.ts'
import { captureBundledPino, pinoModule } from './pino-capture.ts'
import { captureStreams } from './stream-capture.ts'
import { createStreamWrites } from './stream-writes.ts'
import { winstonModules } from './winston-capture.ts'

type Attempt = (what: string, run: () => void) => void

export interface LoggerCaptures {
  /** Tells what waits for the end of its line; the loggers are still heard. */
  finish(): void
  /** Lets go of the loggers. */
  stop(): void
}

/** Every logger of this thread that the settings ask for. */
export function captureLoggers(
  logs: LogCapture,
  settings: Pick<Settings, 'console' | 'streams'>,
  attempt: Attempt
): LoggerCaptures {
  const writes = createStreamWrites()
  const releases: (() => void)[] = []
  let finish = (): void => {}
  let released = false
  if (settings.console) {
    const marks = createOtelLogMarks(logs)
    releases.push(marks.stop)
    const marking: LogCapture = {
      ...logs,
      // Somebody may have wrapped what we wrapped, and call it for ever.
      isInside: () => released || logs.isInside(),
      call(run, heard) {
        if (released) return run()
        // The program's logs SDK may start at any time.
        if (!logs.isInside()) marks.look()
        return logs.call(run, heard)
      }
    }
    attempt('capturing the console', () => releases.push(captureConsole(marking, writes)))
    attempt('capturing loggers', () =>
      releases.push(
        watchLoggerModules([
          pinoModule(marking),
          ...winstonModules(marking),
          bunyanModule(marking),
          ...nestModules(marking),
          log4jsModule(marking)
        ]),
        captureBundledPino(marking)
      )
    )
  }
  if (settings.streams) {
    attempt('capturing stdout and stderr', () => (finish = captureStreams(logs, writes)))
  }
  releases.push(writes.stop)
  return {
    finish: () => attempt('capturing stdout and stderr', finish),
    stop() {
      released = true
      for (const release of releases.splice(0)) attempt('letting go of a logger', release)
    }
  }
}
