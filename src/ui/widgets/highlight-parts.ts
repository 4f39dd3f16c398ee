export interface TextPart {
  text: string
  found: boolean
}

const mostParts = 200

/** Cuts a text where the pattern matches, so that it can be shown with marks and without markup. */
export function highlightParts(text: string, pattern: RegExp | undefined): TextPart[] {
  if (!pattern) return [{ text, found: false }]
  const parts: TextPart[] = []
  let at = 0
  for (const match of text.matchAll(new RegExp(pattern.source, `${pattern.flags.replace('g', '')}g`))) {
    if (match[0] === '') continue
    if (match.index > at) parts.push({ text: text.slice(at, match.index), found: false })
    parts.push({ text: match[0], found: true })
    at = match.index + match[0].length
    if (parts.length >= mostParts) break
  }
  if (at < text.length || parts.length === 0) parts.push({ text: text.slice(at), found: false })
  return parts
}
