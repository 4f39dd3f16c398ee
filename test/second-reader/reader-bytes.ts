// Bytes and columns of numbers, as docs/format.md has them. Written from that document alone: nothing here is shared with
// src/format, so that the two can be held against each other.

/** Encodings of columns that have been read in this process. */
export const encodingsSeen = new Set<number>()

export class Bytes {
  readonly all: Uint8Array
  readonly #view: DataView
  at = 0

  constructor(all: Uint8Array) {
    this.all = all
    this.#view = new DataView(all.buffer, all.byteOffset, all.byteLength)
  }

  u8(): number {
    return this.#view.getUint8(this.at++)
  }

  u32(): number {
    this.at += 4
    return this.#view.getUint32(this.at - 4, true)
  }

  i64(): bigint {
    this.at += 8
    return this.#view.getBigInt64(this.at - 8, true)
  }

  f64(): number {
    this.at += 8
    return this.#view.getFloat64(this.at - 8, true)
  }

  raw(length: number): Uint8Array {
    if (this.at + length > this.all.length) throw new Error(`Expected ${length} bytes at ${this.at}`)
    this.at += length
    return this.all.subarray(this.at - length, this.at)
  }

  varint(): number {
    let value = 0
    for (let factor = 1; ; factor *= 128) {
      const byte = this.u8()
      value += (byte & 127) * factor
      if (byte < 128) return value
    }
  }

  zigzag(): number {
    return unfold(this.varint())
  }

  text(): string {
    return new TextDecoder('utf-8', { ignoreBOM: true }).decode(this.raw(this.varint()))
  }

  times<T>(count: number, read: (index: number) => T): T[] {
    return Array.from({ length: count }, (_, index) => read(index))
  }

  column(n: number): number[] {
    if (n === 0) return []
    const id = this.u8()
    encodingsSeen.add(id)
    switch (id) {
      case 0:
        return new Array<number>(n).fill(this.zigzag())
      case 1:
        return this.times(n, () => this.varint())
      case 2:
        return this.times(n, () => this.zigzag())
      case 3: {
        const rows = [this.zigzag()]
        for (const delta of this.column(n - 1)) rows.push(rows.at(-1)! + delta)
        return rows
      }
      case 4: {
        const planes = this.raw(8 * n)
        return this.times(n, row => {
          const bytes = Uint8Array.from({ length: 8 }, (_, plane) => planes[plane * n + row]!)
          return new DataView(bytes.buffer).getFloat64(0, true)
        })
      }
      case 5: {
        const power = 10 ** this.u8()
        return this.column(n).map(integer => integer / power)
      }
      case 6: {
        const lengths = this.times(this.varint(), () => this.varint())
        const set = lengths.filter((_, run) => run % 2 === 0).reduce((sum, length) => sum + length, 0)
        const values = this.column(set)
        return lengths.flatMap((length, run) =>
          run % 2 === 0 ? values.splice(0, length) : new Array<number>(length).fill(NaN)
        )
      }
      case 7: {
        const values = this.column(this.varint())
        let unused = 0
        return this.times(n, () => {
          const which = this.varint()
          return values[which === 0 ? unused++ : which - 1]!
        })
      }
      case 8: {
        const width = this.u8()
        const base = this.zigzag()
        const planes = this.raw(width * n)
        return this.times(n, row => {
          let value = base
          for (let plane = 0; plane < width; plane++) value += planes[plane * n + row]! * 256 ** plane
          return value
        })
      }
      case 9: {
        const base = this.zigzag()
        const step = this.varint()
        return this.column(n).map(integer => base + step * integer)
      }
      case 10: {
        const runs = this.varint()
        const values = this.column(runs)
        return this.column(runs).flatMap((length, run) => new Array<number>(length).fill(values[run]!))
      }
      case 11:
        return this.#magnitudes(n)
      default:
        throw new Error(`Unknown encoding ${id} of a column at ${this.at - 1}`)
    }
  }

  #magnitudes(n: number): number[] {
    const lengths = [...this.raw(n)]
    const bits = lengths.reduce((sum, length) => sum + Math.max(0, length - 1), 0)
    const packed = this.raw(Math.ceil(bits / 8))
    let next = 0
    return lengths.map(length => {
      if (length === 0) return 0
      let value = 2 ** (length - 1)
      for (let bit = 0; bit < length - 1; bit++, next++) {
        if ((packed[next >> 3]! >> (next & 7)) & 1) value += 2 ** bit
      }
      return unfold(value)
    })
  }
}

/** What a zigzag stands for. */
export function unfold(z: number): number {
  return z % 2 === 0 ? z / 2 : -(z + 1) / 2
}

const crcTable = Array.from({ length: 256 }, (_, byte) => {
  let crc = byte
  for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0x82f63b78 : 0)
  return crc
})

export function checksum(bytes: Uint8Array): number {
  let crc = 0xffffffff
  for (const byte of bytes) crc = crcTable[(crc ^ byte) & 255]! ^ (crc >>> 8)
  return (crc ^ 0xffffffff) >>> 0
}

export function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex')
}
