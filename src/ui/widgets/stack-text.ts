// The stack of an error as its program wrote it, with the places in it told apart, so that they lead into the editor.
import { editorLink } from '../../recording/frame-names.ts'

export interface StackTextLine {
  readonly before: string
  /** 'file:///app/orders.js:12:5'; '' where the line has none that is a file. */
  readonly place: string
  readonly link: string
  readonly after: string
}

/** Longer lines are dumps, not calls. */
const longestLine = 1_000

export function stackTextLines(text: string): StackTextLine[] {
  return text.split('\n').map(line => {
    const match = line.length > longestLine ? null : callLine.exec(line)
    const [, before = '', file = '', row = '', column = '', after = ''] = match ?? []
    const link = match ? editorLink(file, Number(row), Number(column)) : undefined
    if (!link) return { before: line, place: '', link: '', after: '' }
    return { before, place: `${file}:${row}:${column}`, link, after }
  })
}

/** '    at load (file:///app/orders.js:12:5)', '    at async file:///app/main.js:3:1' */
const callLine =
  /^(\s*at (?:async )?(?:.*? \()?)((?:file:\/\/|\/|[A-Za-z]:[\\/])(?:(?!\), ).)*):(\d{1,9}):(\d{1,9})(\)?)\s*$/
