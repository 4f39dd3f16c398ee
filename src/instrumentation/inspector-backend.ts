import { console as inspectorConsole, Session } from 'node:inspector'
import type { CapturedProfile, ProfilerBackend } from './profiler-backend.ts'
import { capturedFromV8, type V8Profile } from './v8-profile.ts'

const titles = ['microlog-a', 'microlog-b'] as const

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
  let finished: V8Profile | undefined
  let turn = 0
  let running = false
  let lastUs = -Infinity

  session.on('Profiler.consoleProfileFinished', ({ params }) => {
    if (params.title === titles[0] || params.title === titles[1]) finished = params.profile as V8Profile
  })

  const take = (title: string): CapturedProfile | undefined => {
    finished = undefined
    profilingConsole.profileEnd(title)
    if (finished === undefined) return undefined
    const captured = capturedFromV8(finished, 0, lastUs)
    finished = undefined
    lastUs = captured.monotonicUs.at(-1) ?? lastUs
    return captured
  }

  return {
    name: 'inspector',
    start(intervalUs) {
      if (running) return
      session.connect()
      session.post('Profiler.enable')
      session.post('Profiler.setSamplingInterval', { interval: intervalUs })
      profilingConsole.profile(titles[turn & 1]!)
      running = true
    },
    rotate() {
      if (!running) return undefined
      const last = titles[turn & 1]!
      turn++
      profilingConsole.profile(titles[turn & 1]!)
      return take(last)
    },
    stop() {
      if (!running) return undefined
      running = false
      const last = take(titles[turn++ & 1]!)
      session.disconnect()
      return last
    }
  }
}
