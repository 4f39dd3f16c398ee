/** The row of a text among those seen so far; a new one is the next. */
export function rowOfText(rows: Map<string, number>, text: string): number {
  const row = rows.get(text) ?? rows.size
  rows.set(text, row)
  return row
}
