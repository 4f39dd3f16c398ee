import { StringDecoder } from 'node:string_decoder'
import { stripVTControlCharacters } from 'node:util'
import type { LogCapture } from './log-capture.ts'
import type { StreamWrites } from './stream-writes.ts'
import { entriesOf, levelOfEntry } from './written-lines.ts'

/** Whoever writes is a logger that we don't know, as a rule: the line that called it is of more use. */
const isPackageFile = (path: string): boolean => /[\\/]node_modules[\\/]/.test(path)

/** A line that doesn't end is told in pieces of this length. */
const longestPart = 32 * 1024

/** Records what is written to stdout and stderr without a logger that we hear. Returns how to tell what has no end yet. */
export function captureStreams(capture: LogCapture, writes: StreamWrites): () => void {
  const ends = (['stdout', 'stderr'] as const).map(name => {
    const decoder = new StringDecoder('utf8')
    let part = ''
    const tell = (text: string, below: (() => unknown) | undefined): void => {
      const plain = text.includes('\u001b') ? stripVTControlCharacters(text) : text
      for (const body of entriesOf(plain.split(/\r?\n/))) {
        if (body.trim() === '') continue
        capture.record({
          severity: levelOfEntry(body, name === 'stdout' ? 'INFO' : 'ERROR'),
          body,
          attributes: { 'log.iostream': name },
          below,
          isLoggerFile: isPackageFile
        })
      }
    }
    writes.hearAll(process[name], (chunk, below) => {
      if (capture.isInside()) return
      part += typeof chunk === 'string' ? chunk : bytesAsText(decoder, chunk)
      const take = (length: number): void => {
        tell(part.slice(0, length), below as () => unknown)
        part = part.slice(length)
      }
      const end = part.lastIndexOf('\n') + 1
      if (end > 0) take(end)
      while (part.length > longestPart) take(longestPart)
    })
    return () => {
      if (part !== '') tell(part, undefined)
      part = ''
    }
  })
  return () => {
    for (const end of ends) end()
  }
}

function bytesAsText(decoder: StringDecoder, chunk: unknown): string {
  if (!ArrayBuffer.isView(chunk)) return ''
  return decoder.write(Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength))
}
