import { MicrologError } from '../base/errors.ts'

/** What is put into a page, as src/ui/data/read-copy.ts finds it there. */
export interface HtmlContent {
  title: string
  /** What is told of the recording; JSON can be made of it. */
  detail: object
  /** Of its .microlog file. */
  bytes: Uint8Array
}

/** Where the template wants it. */
const place = '<!--microlog-recording-->'
const titleElement = '<title>Microlog</title>'
/** A multiple of three: each piece is base64 without padding, but for the last. */
const pieceBytes = 24_000

/**
 * The recording's screens with the recording in them, in pieces: base64 takes a third more than the bytes. Nothing of it
 * can end the element it is in. @param template dist/copy/index.html
 */
export function writeHtml(template: string, content: HtmlContent): Iterable<Uint8Array> {
  const [head, tail, ...rest] = template.split(place)
  if (head === undefined || tail === undefined || rest.length > 0 || !head.includes(titleElement))
    throw new MicrologError('invalid-input', `Expected a page with one ${place} and ${titleElement}`)
  return pieces(head, tail, content)
}

function* pieces(head: string, tail: string, { title, detail, bytes }: HtmlContent): Generator<Uint8Array> {
  const utf8 = new TextEncoder()
  yield utf8.encode(head.replace(titleElement, () => `<title>${escapeHtml(title)} – Microlog</title>`))
  const json = JSON.stringify(detail).replaceAll('<', '\\u003c')
  yield utf8.encode(`<script id="microlog-detail" type="application/json">${json}</script>`)
  yield utf8.encode('<script id="microlog-recording" type="application/octet-stream">')
  for (let from = 0; from < bytes.length; from += pieceBytes)
    yield utf8.encode(btoa(String.fromCharCode(...bytes.subarray(from, from + pieceBytes))))
  yield utf8.encode(`</script>${tail}`)
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, character => `&#${character.charCodeAt(0)};`)
}
