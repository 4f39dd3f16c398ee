/**
 * A body's bytes; of one that is longer than `most` the first of them. Ends with the signal, also where a stream stands
 * still.
 */
export async function readAtMost(
  body: AsyncIterable<Uint8Array>,
  most: number,
  signal: AbortSignal
): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  let length = 0
  const iterator = body[Symbol.asyncIterator]()
  const aborted = new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true })
  })
  // It may come when nobody waits for it any more.
  aborted.catch(() => {})
  let isWhole = false
  try {
    while (length <= most) {
      const { done, value } = await Promise.race([iterator.next(), aborted])
      if ((isWhole = done === true)) break
      chunks.push(value as Uint8Array)
      length += (value as Uint8Array).length
    }
  } finally {
    // One that was read to its end leaves its connection for the next; not waited for, since it may stand still.
    if (!isWhole && 'destroy' in body) (body as unknown as { destroy(): void }).destroy()
  }
  const bytes = new Uint8Array(Math.min(length, most))
  let filled = 0
  for (const chunk of chunks) {
    bytes.set(chunk.subarray(0, bytes.length - filled), filled)
    filled = Math.min(bytes.length, filled + chunk.length)
  }
  return bytes
}
