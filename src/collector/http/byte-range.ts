export interface ByteRange {
  from: number
  /** After the last one. */
  to: number
}

/**
 * A Range header of one range (RFC 9110, 14.1.2). Undefined where there is none or it asks for what isn't bytes or
 * for many ranges: then the whole is a right answer.
 */
export function parseRange(
  header: string | undefined,
  size: number
): ByteRange | 'unsatisfiable' | undefined {
  const match = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(header?.trim() ?? '')
  if (!match || (match[1] === '' && match[2] === '')) return undefined
  const first = match[1] === '' ? undefined : Number(match[1])
  const last = match[2] === '' ? undefined : Number(match[2])
  if (first === undefined) {
    const count = Math.min(last!, size)
    return count === 0 ? 'unsatisfiable' : { from: size - count, to: size }
  }
  if (last !== undefined && last < first) return undefined
  if (first >= size) return 'unsatisfiable'
  return { from: first, to: Math.min(size, (last ?? size - 1) + 1) }
}
