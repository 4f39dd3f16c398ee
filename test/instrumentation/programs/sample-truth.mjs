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
  const require = createRequire(import.meta.url)
  require('v8-profiler-next')
  // The addon itself: whether it is called through the package or not, it is seen.
  const addon = Object.keys(require.cache).find(path => path.endsWith('profiler.node'))
  const { cpu } = require(addon)
  const { startProfiling, stopProfiling } = cpu
  cpu.startProfiling = (...args) => {
    starts++
    return startProfiling(...args)
  }
  cpu.stopProfiling = title => {
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
