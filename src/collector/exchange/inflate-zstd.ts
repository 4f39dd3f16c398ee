// One zstd frame (RFC 8878) that says how large its content is, as Microlog for Python writes it. Its size and its blocks are
// looked at before anything is inflated; then a thread does it, since a frame of a few bytes can keep fzstd busy for hours.
import { createRequire } from 'node:module'
import { Worker } from 'node:worker_threads'
import { MicrologError } from '../../base/errors.ts'

/** A recording of some million calls; what is read from it takes many times as much. */
const largestInflated = 128 * 1024 * 1024
const largestBlock = 128 * 1024
/** ms; 128 MiB take about one second. */
const longestInflating = 30_000

/** Not a file of its own: a thread can't load TypeScript, where we run from that. */
const script = `
const { parentPort, workerData } = require('node:worker_threads')
const { decompress } = require(workerData.library)
// The room given bounds what comes out, whatever the blocks say.
const content = decompress(workerData.bytes, new Uint8Array(workerData.size))
parentPort.postMessage(content, [content.buffer])
`

export function isZstd(bytes: Uint8Array): boolean {
  return bytes[0] === 0x28 && bytes[1] === 0xb5 && bytes[2] === 0x2f && bytes[3] === 0xfd
}

export async function inflateZstd(bytes: Uint8Array, longestMs = longestInflating): Promise<Uint8Array> {
  const size = checkFrame(bytes)
  const library = createRequire(import.meta.url).resolve('fzstd')
  const worker = new Worker(script, {
    eval: true,
    execArgv: [],
    env: {},
    workerData: { library, bytes, size }
  })
  let timer: ReturnType<typeof setTimeout> | undefined
  try {
    return await new Promise<Uint8Array>((resolve, reject) => {
      timer = setTimeout(() => reject(broken('takes too long to inflate')), longestMs)
      worker.once('message', resolve)
      worker.once('error', thrown => reject(broken('does not inflate', thrown)))
    })
  } finally {
    clearTimeout(timer)
    await worker.terminate()
  }
}

/** That the frame is whole, and alone; the size of its content. */
function checkFrame(bytes: Uint8Array): number {
  const { size, end, hasChecksum } = readHead(bytes)
  if (size > largestInflated)
    throw new MicrologError(
      'too-large',
      `Expected at most ${largestInflated} bytes in a zstd frame, found ${size}`
    )
  let at = end
  let most = 0
  for (let isLast = false; !isLast; most += largestBlock) {
    if (at + 3 > bytes.length) throw broken('ends early')
    const head = bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16)
    isLast = (head & 1) === 1
    const type = (head >> 1) & 3
    if (type === 3) throw broken('has a block of no known type')
    // Type 1 is one byte, repeated.
    at += 3 + (type === 1 ? 1 : head >> 3)
  }
  at += hasChecksum ? 4 : 0
  if (at > bytes.length) throw broken('ends early')
  if (at < bytes.length) throw broken('is followed by something else')
  if (size > most) throw broken('says it is larger than its blocks')
  return size
}

function readHead(bytes: Uint8Array): { size: number; end: number; hasChecksum: boolean } {
  const descriptor = bytes[4] ?? 0
  const isSingle = (descriptor & 0x20) !== 0
  const flag = descriptor >> 6
  if ((descriptor & 3) !== 0) throw unsupported('without a dictionary')
  if (bytes.length > 4 && flag === 0 && !isSingle) throw unsupported('that tells its size')
  const width = flag === 0 ? 1 : 1 << flag
  const from = isSingle ? 5 : 6
  if (bytes.length < from + width) throw broken('ends early')
  let size = flag === 1 ? 256 : 0
  for (let i = width - 1; i >= 0; i--) size += bytes[from + i]! * 256 ** i
  return { size, end: from + width, hasChecksum: (descriptor & 4) !== 0 }
}

function unsupported(what: string): MicrologError {
  return new MicrologError('unsupported', `Expected a zstd frame ${what}: decompress it first (zstd -d)`)
}

function broken(why: string, cause?: unknown): MicrologError {
  return new MicrologError('invalid-input', `Expected one zstd frame that is whole, and this ${why}`, {
    cause
  })
}
