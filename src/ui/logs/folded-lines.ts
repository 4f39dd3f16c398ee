/** Roughly what one line has room for. */
const charactersOfLine = 140
const mostLines = 3

/** Lines that a folded entry takes: those of its text, up to three; what stands behind it only fills what is left of them. */
export function foldedLines(text: string): number {
  const needed = text.split('\n', mostLines).length
  return Math.min(mostLines, Math.max(needed, Math.ceil(text.length / charactersOfLine)))
}

/** Characters of a folded entry's text that are looked at. */
export const previewLength = 2_000
