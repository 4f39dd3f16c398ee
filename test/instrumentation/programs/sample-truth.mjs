// Loaded before the recorder: notes what V8 hands over for it, into the file TRUTH_FILE, as lines of JSON. So it is known
// how many samples there were to send, however they are handled from there on.
import { appendFileSync } from 'node:fs'
import { Session } from 'node:inspector'
import { createRequire } from 'node:module'

const file = process.env.TRUTH_FILE
let starts = 0

function note(profile) {
  let time = profile.startTime
  const times = profile.timeDeltas.map(delta => (time += delta))
  appendFileSync(file, `${JSON.stringify({ starts, times })}\n`)
  starts = 0
}

try {
  const profiler = createRequire(import.meta.url)('v8-profiler-next')
  const { startProfiling, stopProfiling } = profiler
  profiler.startProfiling = (...args) => {
    starts++
    return startProfiling(...args)
  }
  profiler.stopProfiling = title => {
    const profile = stopProfiling(title)
    note(profile)
    return profile
  }
} catch {
  // Another release of Node than it was compiled for: the recorder falls back in the same way.
}
const { emit } = Session.prototype
Session.prototype.emit = function (name, message) {
  if (name === 'Profiler.consoleProfileFinished') {
    starts += 2
    note(message.params.profile)
  }
  return emit.apply(this, arguments)
}
