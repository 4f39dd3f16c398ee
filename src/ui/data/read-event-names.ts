/**
 * Reads an event stream to its end and calls back with the name of each event.
 * What they carry is not asked for: who hears of one fetches what it shows anew.
 */
export async function readEventNames(
  body: ReadableStream<Uint8Array>,
  on: (name: string) => void
): Promise<void> {
  const reader = body
    .pipeThrough(new TextDecoderStream() as ReadableWritablePair<string, Uint8Array>)
    .getReader()
  let rest = ''
  for (;;) {
    const { done, value } = await reader.read()
    if (done) return
    const lines = (rest + value).split('\n')
    rest = lines.pop()!
    for (const line of lines) if (line.startsWith('event: ')) on(line.slice('event: '.length))
  }
}
