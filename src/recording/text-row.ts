/** The row of a text among those seen so far; a new one is the next. */
export function rowOfText(rows: Map<string, number>, text: string): number {
  const row = rows.get(text) ?? rows.size
  rows.set(text, row)
  return row
}

/** The same for each of some texts. */
export function rowsOfTexts(rows: Map<string, number>, texts: readonly string[]): Int32Array {
  const found = new Int32Array(texts.length)
  for (let i = 0; i < texts.length; i++) found[i] = rowOfText(rows, texts[i]!)
  return found
}
