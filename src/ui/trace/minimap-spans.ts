// Which spans the minimap of a trace shows: it has room for some hundred lines.
interface MinimapSpan {
  readonly start: number
  readonly end: number
  readonly error: boolean
}

/**
 * Of neighbours that have to share a line the one that is seen: the longest that failed, else the longest.
 * @param most lines
 */
export function minimapSpans<S extends MinimapSpan>(spans: readonly S[], most: number): S[] {
  const lines = Math.min(most, spans.length)
  return Array.from({ length: lines }, (_, line) => {
    const first = Math.floor((line * spans.length) / lines)
    const next = Math.floor(((line + 1) * spans.length) / lines)
    return spans.slice(first, next).reduce((shown, span) => (isSeenBefore(span, shown) ? span : shown))
  })
}

function isSeenBefore(a: MinimapSpan, b: MinimapSpan): boolean {
  return a.error === b.error ? a.end - a.start > b.end - b.start : a.error
}
