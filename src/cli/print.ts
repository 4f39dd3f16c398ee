// Text for terminals: what comes from recordings may hold control characters, and must not steer the terminal.

/** Control characters, and those that turn the reading direction, as \u escapes; line ends of our own stay. */
export function escapeControls(text: string): string {
  return text.replace(
    /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g,
    escape
  )
}

/** For a cell of a table: its line ends, too. @param most characters; what is longer ends in … */
export function escapeCell(text: string, most = Infinity): string {
  const escaped = escapeControls(text).replace(/\n/g, '\\n')
  return escaped.length > most ? `${escaped.slice(0, most - 1)}…` : escaped
}

/** Of a name that somebody chose, such as a label: what makes rows too wide to read is cut. */
export const longestName = 60

function escape(character: string): string {
  if (character === '\t') return '\\t'
  if (character === '\r') return '\\r'
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`
}

export interface TableColumn {
  title: string
  /** Numbers stand to the right. */
  right?: boolean
  /** Characters; longer cells are cut. */
  most?: number
}

/** Lines with aligned columns, two blanks apart. */
export function formatTable(columns: readonly TableColumn[], rows: readonly (readonly string[])[]): string {
  const cells = rows.map(row => row.map((text, column) => escapeCell(text, columns[column]!.most)))
  const widths = columns.map(({ title }, column) =>
    cells.reduce((width, row) => Math.max(width, row[column]!.length), title.length)
  )
  const line = (texts: readonly string[]): string =>
    texts
      .map((text, column) =>
        columns[column]!.right ? text.padStart(widths[column]!) : text.padEnd(widths[column]!)
      )
      .join('  ')
      .trimEnd()
  return [columns.map(({ title }) => title), ...cells].map(line).join('\n')
}

export function printJson(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value, null, 2)}\n`)
}

/** Local date and time to the second. */
export function formatMoment(unixMs: number): string {
  const date = new Date(unixMs)
  if (Number.isNaN(date.getTime())) return '–'
  const local = new Date(unixMs - date.getTimezoneOffset() * 60_000)
  return local.toISOString().slice(0, 19).replace('T', ' ')
}
