// Compression is handed in: node:zlib in a process, the platform's streams in a browser (web-codec.ts).

/** Raw deflate (RFC 1951), without any header. */
export interface Codec {
  deflate(bytes: Uint8Array): Promise<Uint8Array> | Uint8Array
  /**
   * Gives exactly `size` bytes or throws; it must not produce more than `size` bytes before it stops.
   * With node:zlib: `inflateRawSync(bytes, { maxOutputLength: size })`; the reader checks the length.
   */
  inflate(bytes: Uint8Array, size: number): Promise<Uint8Array> | Uint8Array
}
