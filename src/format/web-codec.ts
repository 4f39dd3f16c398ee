import { MicrologError } from '../base/errors.ts'
import type { Codec } from './codec.ts'

// Both Node and browsers have these; declared here because this folder is checked with neither's types.
interface ByteStream {
  readonly readable: {
    getReader(): { read(): Promise<{ done: boolean; value?: Uint8Array }>; cancel(): Promise<void> }
  }
  readonly writable: { getWriter(): { write(bytes: Uint8Array): Promise<void>; close(): Promise<void> } }
}
type StreamClass = new (format: string) => ByteStream
const platform = globalThis as unknown as { CompressionStream: StreamClass; DecompressionStream: StreamClass }

/** The platform's own deflate-raw streams: in browsers, and in Node where nothing else is handed in. */
export const webCodec: Codec = {
  deflate: bytes => pump(new platform.CompressionStream('deflate-raw'), bytes, Infinity),
  inflate: (bytes, size) => pump(new platform.DecompressionStream('deflate-raw'), bytes, size)
}

async function pump(stream: ByteStream, bytes: Uint8Array, limit: number): Promise<Uint8Array> {
  const writer = stream.writable.getWriter()
  const written = Promise.allSettled([writer.write(bytes), writer.close()])
  const reader = stream.readable.getReader()
  const parts: Uint8Array[] = []
  let length = 0
  for (;;) {
    const { done, value } = await reader.read()
    if (done || !value) break
    length += value.length
    if (length > limit) {
      await reader.cancel()
      throw new MicrologError('corrupt', `Expected ${limit} bytes when inflated, found more`)
    }
    parts.push(value)
  }
  await written
  return join(parts, length)
}

function join(parts: readonly Uint8Array[], length: number): Uint8Array {
  if (parts.length === 1) return parts[0]!
  const whole = new Uint8Array(length)
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}
