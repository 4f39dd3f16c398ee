import { readCpuprofile } from '../../dist/convert/read-cpuprofile.js'

/** A V8 profile as a recording; the times of its samples are rounded to so many µs. */
export function cpuprofileRecording(json, quantumUs) {
  const recording = readCpuprofile(json, { name: 'benchmark', startUnixNano: 0n })
  const quantum = quantumUs * 1000
  const time = recording.samples.time.map(nanos => Math.round(nanos / quantum) * quantum)
  return { ...recording, samples: { ...recording.samples, time } }
}
