// Fetches blocks: neighbours in one read, each checked against its CRC32C before anything looks into it.
import { crc32c } from '../../base/crc32c.ts'
import { MicrologError, messageOf } from '../../base/errors.ts'
import type { Codec } from '../codec.ts'
import type { BlockEntry } from '../footer.ts'
import { codecId, limits } from '../layout.ts'
import { blockName } from './block-name.ts'

/** A segment's bytes, wherever they are: memory, disk, a URL or S3. */
export interface ByteSource {
  readonly byteLength: number
  /** The bytes from `from` to `to`, the latter not included. */
  slice(from: number, to: number): Promise<Uint8Array> | Uint8Array
}

interface KnownBytes {
  readonly from: number
  readonly bytes: Uint8Array
}

export class BlockStore {
  readonly #source: ByteSource
  readonly #codec: Codec
  readonly #known: KnownBytes

  /** @param known bytes of the last blocks that were read before */
  constructor(source: ByteSource, codec: Codec, known: KnownBytes) {
    this.#source = source
    this.#codec = codec
    this.#known = known
  }

  /** The inflated bytes of each block. */
  async read(entries: readonly BlockEntry[]): Promise<Map<BlockEntry, Uint8Array>> {
    checkSizes(entries)
    const inflated = new Map<BlockEntry, Uint8Array>()
    const runs = neighbours(entries)
    const fetched = await Promise.all(
      runs.map(run => this.#fetch(run[0]!.offset, run.at(-1)!.offset + run.at(-1)!.length))
    )
    for (const [i, run] of runs.entries()) {
      for (const entry of run) {
        const from = entry.offset - run[0]!.offset
        inflated.set(entry, await this.#open(entry, fetched[i]!.subarray(from, from + entry.length)))
      }
    }
    return inflated
  }

  async #fetch(from: number, to: number): Promise<Uint8Array> {
    const { from: first, bytes } = this.#known
    return from >= first ? bytes.subarray(from - first, to - first) : this.#source.slice(from, to)
  }

  async #open(entry: BlockEntry, stored: Uint8Array): Promise<Uint8Array> {
    if (stored.length !== entry.length || crc32c(stored) !== entry.checksum) {
      throw new MicrologError('corrupt', `Expected block '${blockName(entry)}' whole: its checksum differs`, {
        offset: entry.offset
      })
    }
    return inflate(stored, entry.codec, entry.size, this.#codec, entry.offset)
  }
}

export async function inflate(
  stored: Uint8Array,
  codec: number,
  size: number,
  compression: Codec,
  offset: number
): Promise<Uint8Array> {
  if (size > limits.blockBytes) {
    throw new MicrologError('corrupt', `Expected at most ${limits.blockBytes} bytes, found ${size}`, {
      offset
    })
  }
  if (codec !== codecId.stored && codec !== codecId.deflateRaw) {
    throw new MicrologError('unsupported', `This segment uses compression ${codec}: update microlog`, {
      offset
    })
  }
  const bytes = codec === codecId.stored ? stored : await attempt(compression, stored, size, offset)
  // A plain view, also of a Node Buffer, whose slice() would not be a copy.
  if (bytes.length === size) return new Uint8Array(bytes.buffer, bytes.byteOffset, size)
  throw new MicrologError('corrupt', `Expected ${size} bytes when inflated, found ${bytes.length}`, {
    offset
  })
}

async function attempt(codec: Codec, stored: Uint8Array, size: number, offset: number): Promise<Uint8Array> {
  try {
    return await codec.inflate(stored, size)
  } catch (cause) {
    throw new MicrologError('corrupt', `Expected bytes that inflate: ${messageOf(cause)}`, { cause, offset })
  }
}

function checkSizes(entries: readonly BlockEntry[]): void {
  const sum = entries.reduce((sum, { size }) => sum + size, 0)
  if (sum > limits.inflatedBytes)
    throw new MicrologError(
      'corrupt',
      `Expected at most ${limits.inflatedBytes} bytes of blocks, found ${sum}`
    )
}

/** Blocks that lie one behind the other, to be fetched in one go. */
function neighbours(entries: readonly BlockEntry[]): BlockEntry[][] {
  const runs: BlockEntry[][] = []
  for (const entry of entries.toSorted((a, b) => a.offset - b.offset)) {
    const run = runs.at(-1)
    const last = run?.at(-1)
    if (last && last.offset + last.length === entry.offset) run!.push(entry)
    else runs.push([entry])
  }
  return runs
}
