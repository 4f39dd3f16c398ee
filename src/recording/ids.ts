// Trace and span ids as text: lower-case hex, '' where not set.
import { hexBytes } from '../base/units.ts'
import type { Recording } from './schema.ts'

export function traceIdAt(column: Uint8Array, row: number): string {
  return idAt(column, row, 16)
}

export function spanIdAt(column: Uint8Array, row: number): string {
  return idAt(column, row, 8)
}

/** The span of each link, '' for the zero link. */
export function linkSpanIds(recording: Recording): string[] {
  const { links } = recording
  return Array.from({ length: links.length }, (_, link) => spanIdAt(links.spanId, link))
}

function idAt(column: Uint8Array, row: number, width: number): string {
  if (row < 0) return ''
  let text = ''
  let any = 0
  for (let i = row * width; i < (row + 1) * width; i++) {
    any |= column[i]!
    text += hexBytes[column[i]!]!
  }
  return any === 0 ? '' : text
}
