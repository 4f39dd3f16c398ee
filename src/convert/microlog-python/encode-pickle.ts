// Writes plain data as a pickle of protocol 4, as decode-pickle.ts reads it: numbers, texts, lists, and objects of classes.
import { ByteWriter } from '../../base/byte-writer.ts'

export type PickledValue = number | string | readonly PickledValue[] | PickledObject

export interface PickledObject {
  className: string
  attributes: Readonly<Record<string, PickledValue>>
}

/** Python's own pickler hands over so many at a time. */
const batch = 1000
const utf8 = new TextEncoder()

/** @param module of all classes */
export function encodePickle(value: PickledValue, module: string): Uint8Array {
  const writer = new PickleWriter(module)
  writer.value(value)
  return writer.finish()
}

class PickleWriter {
  readonly #bytes = new ByteWriter(64 * 1024)
  readonly #module: string
  /** Places in the memo, of texts and classes: what comes again is written once. */
  readonly #texts = new Map<string, number>()
  readonly #classes = new Map<string, number>()
  #remembered = 0

  constructor(module: string) {
    this.#module = module
    this.#opcodes('\x80\x04')
  }

  value(value: PickledValue): void {
    if (typeof value === 'number') this.#number(value)
    else if (typeof value === 'string') this.#text(value)
    else if (isList(value)) this.#list(value)
    else this.#object(value)
  }

  finish(): Uint8Array {
    this.#opcodes('.')
    return this.#bytes.finish()
  }

  #number(value: number): void {
    if (!Number.isInteger(value) || Object.is(value, -0)) this.#float(value)
    else if (value >= 0 && value < 2 ** 8) {
      this.#opcodes('K')
      this.#bytes.u8(value)
    } else if (value >= -(2 ** 31) && value < 2 ** 31) {
      this.#opcodes('J')
      this.#bytes.u32(value >>> 0)
    } else if (Number.isSafeInteger(value)) {
      this.#opcodes('\x8a\x08')
      const bits = BigInt.asUintN(64, BigInt(value))
      this.#bytes.u64(Number(bits >> 32n), Number(bits & 0xffff_ffffn))
    } else this.#float(value)
  }

  #float(value: number): void {
    this.#opcodes('G')
    const place = this.#bytes.take(8)
    new DataView(place.buffer, place.byteOffset, 8).setFloat64(0, value)
  }

  #text(text: string): void {
    if (this.#recall(this.#texts.get(text))) return
    const encoded = utf8.encode(text)
    if (encoded.length < 256) {
      this.#opcodes('\x8c')
      this.#bytes.u8(encoded.length)
    } else {
      this.#opcodes('X')
      this.#bytes.u32(encoded.length)
    }
    this.#bytes.raw(encoded)
    this.#texts.set(text, this.#remember())
  }

  #list(values: readonly PickledValue[]): void {
    this.#opcodes(']')
    for (let from = 0; from < values.length; from += batch) {
      this.#opcodes('(')
      for (const value of values.slice(from, from + batch)) this.value(value)
      this.#opcodes('e')
    }
  }

  /** NEWOBJ of the class, then BUILD of its attributes. */
  #object({ className, attributes }: PickledObject): void {
    if (!this.#recall(this.#classes.get(className))) {
      this.#text(this.#module)
      this.#text(className)
      this.#opcodes('\x93')
      this.#classes.set(className, this.#remember())
    }
    this.#opcodes(')\x81}(')
    for (const [name, value] of Object.entries(attributes)) {
      this.#text(name)
      this.value(value)
    }
    this.#opcodes('ub')
  }

  #remember(): number {
    this.#opcodes('\x94')
    return this.#remembered++
  }

  #recall(place: number | undefined): boolean {
    if (place === undefined) return false
    if (place < 256) {
      this.#opcodes('h')
      this.#bytes.u8(place)
    } else {
      this.#opcodes('j')
      this.#bytes.u32(place)
    }
    return true
  }

  #opcodes(characters: string): void {
    for (let i = 0; i < characters.length; i++) this.#bytes.u8(characters.charCodeAt(i))
  }
}

function isList(value: readonly PickledValue[] | PickledObject): value is readonly PickledValue[] {
  return Array.isArray(value)
}
