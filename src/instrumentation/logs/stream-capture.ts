import { StringDecoder } from 'node:string_decoder'
import { stripVTControlCharacters } from 'node:util'
import type { LogCapture } from './log-capture.ts'
import type { StreamWrites } from './stream-writes.ts'

/** A line that doesn't end is told in pieces of this length. */
const longestPart = 32 * 1024

/** Records, line by line, what is written to stdout and stderr without a logger that we hear. Returns how to tell what has no end yet. */
export function captureStreams(capture: LogCapture, writes: StreamWrites): () => void {
  const ends = (['stdout', 'stderr'] as const).map(name => {
    const decoder = new StringDecoder('utf8')
    let part = ''
    const tell = (line: string, below: (() => unknown) | undefined): void => {
      const body = line.includes('\u001b') ? stripVTControlCharacters(line) : line
      if (body.trim() === '') return
      capture.record({
        severity: name === 'stdout' ? 'INFO' : 'ERROR',
        body,
        attributes: { 'log.iostream': name },
        below
      })
    }
    writes.hearAll(process[name], (chunk, below) => {
      if (capture.isInside()) return
      const text = typeof chunk === 'string' ? chunk : bytesAsText(decoder, chunk)
      const lines = (part + text).split(/\r?\n/)
      part = lines.pop() ?? ''
      for (const line of lines) tell(line, below as () => unknown)
      while (part.length > longestPart) {
        tell(part.slice(0, longestPart), below as () => unknown)
        part = part.slice(longestPart)
      }
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
