import type { Calls } from '../../src/recording/calls.ts'
import type { Recording } from '../../src/recording/schema.ts'

/** Each call as a line: indented by depth, its name, from–to in ms, its samples, and its span where it has one. */
export function callsAsText(recording: Recording, calls: Calls): string {
  const { strings, frames, links } = recording
  return Array.from({ length: calls.length }, (_, call) => {
    const name = strings[frames.name[calls.frame[call]!]!]!
    const link = calls.link[call]!
    const span = link > 0 ? ` #${String.fromCharCode(links.spanId[link * 8]!)}` : ''
    const times = `${calls.start[call]! / 1e6}–${calls.end[call]! / 1e6}`
    return `${'  '.repeat(calls.depth[call]!)}${name} ${times} ×${calls.samples[call]!}${span}`
  }).join('\n')
}
