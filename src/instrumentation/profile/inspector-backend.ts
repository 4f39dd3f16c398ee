import { console as inspectorConsole, Session, url as inspectorUrl } from 'node:inspector'
import { ProfileOverlap } from './profile-overlap.ts'
import type { ProfilerBackend } from './profiler-backend.ts'
import type { V8Profile } from './v8-profile.ts'

// Node's own types leave `profile` and `profileEnd` out.
const profilingConsole = inspectorConsole as unknown as {
  profile(title: string): void
  profileEnd(title: string): void
}

/**
 * The sampler built into Node, in any thread. `Profiler.stop` and `Profiler.start` would leave a gap and walk the heap at
 * every rotation (0.5 s in a large program); profiles started by the inspector's console share one profiler and may
 * overlap, which has neither: 0.1 ms where Profiler.start took 99.
 */
export function createInspectorBackend(): ProfilerBackend {
  const session = new Session()
  const finished = new Map<string, V8Profile>()
  const overlap = new ProfileOverlap({
    firstLine: 0,
    start: title => profilingConsole.profile(title),
    stop(title) {
      // The event comes before profileEnd returns.
      profilingConsole.profileEnd(title)
      const profile = finished.get(title)
      finished.clear()
      return profile
    }
  })
  session.on('Profiler.consoleProfileFinished', ({ params }) => {
    if (params.title !== undefined) finished.set(params.title, params.profile as V8Profile)
  })
  return {
    name: 'inspector',
    start(intervalUs) {
      session.connect()
      session.post('Profiler.enable')
      session.post('Profiler.setSamplingInterval', { interval: intervalUs })
      overlap.start()
    },
    prepare: () => overlap.prepare(),
    rotate() {
      // While a session is open V8 keeps what the program logs, a thousand calls with their arguments: for a debugger.
      if (inspectorUrl() === undefined) session.post('Runtime.discardConsoleEntries')
      return overlap.rotate()
    },
    stop() {
      const last = overlap.stop()
      session.disconnect()
      return last
    }
  }
}
