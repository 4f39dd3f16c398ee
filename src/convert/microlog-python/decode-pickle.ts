// Reads a pickle of Python (protocols 4 and 5, https://docs.python.org/3/library/pickletools.html) as plain data. It knows
// only what makes numbers, texts, lists, dicts and objects of classes that the caller names: no class is looked up, nothing
// is called.
import { MicrologError } from '../../base/errors.ts'

export type PickleValue =
  null | boolean | number | bigint | string | PickleValue[] | Map<string, PickleValue> | PickleObject

/** An instance: the name of its class without the module, and what it was made of. It may lead back to itself. */
export class PickleObject {
  readonly className: string
  attributes: ReadonlyMap<string, PickleValue> = new Map()

  constructor(className: string) {
    this.className = className
  }
}

export interface PickleClasses {
  module: string
  names: readonly string[]
}

/** Opcodes by their byte. */
const op = {
  mark: 0x28,
  stop: 0x2e,
  binFloat: 0x47,
  binInt: 0x4a,
  binInt1: 0x4b,
  binInt2: 0x4d,
  none: 0x4e,
  binUnicode: 0x58,
  emptyList: 0x5d,
  append: 0x61,
  build: 0x62,
  appends: 0x65,
  binGet: 0x68,
  longBinGet: 0x6a,
  setItem: 0x73,
  setItems: 0x75,
  emptyDict: 0x7d,
  protocol: 0x80,
  newObject: 0x81,
  newTrue: 0x88,
  newFalse: 0x89,
  long1: 0x8a,
  shortBinUnicode: 0x8c,
  emptyTuple: 0x29,
  stackGlobal: 0x93,
  memoize: 0x94,
  frame: 0x95
} as const

/** Values that are put onto the stack, and lists, dicts and objects among them: a byte may make one of some 60 bytes. */
const mostValues = 16_000_000
const mostContainers = 4_000_000
/** That wait to be taken into a list or dict; Python's pickler never has many more than 1000. */
const mostWaiting = 1_000_000
const longestInteger = 8

class ClassReference {
  readonly name: string
  constructor(name: string) {
    this.name = name
  }
}
class EmptyTuple {}
/** What stands on the stack while a pickle is read. */
type Slot = PickleValue | ClassReference | EmptyTuple

const utf8 = new TextDecoder('utf-8', { ignoreBOM: true })

/** What the pickle is of. Its parts may be shared, and an object may be part of itself. */
export function decodePickle(bytes: Uint8Array, classes: PickleClasses): PickleValue {
  return new PickleMachine(bytes, classes).run()
}

class PickleMachine {
  readonly #bytes: Uint8Array
  readonly #view: DataView
  readonly #classes: PickleClasses
  readonly #stack: Slot[] = []
  /** Heights of the stack. */
  readonly #marks: number[] = []
  readonly #memo: Slot[] = []
  #at = 0
  /** Of the opcode that is being read. */
  #opcodeAt = 0
  #values = 0
  #containers = 0

  constructor(bytes: Uint8Array, classes: PickleClasses) {
    this.#bytes = bytes
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    this.#classes = classes
  }

  run(): PickleValue {
    if (this.#bytes[0] !== op.protocol) throw this.#bad('a pickle of protocol 4 or 5')
    for (;;) {
      this.#opcodeAt = this.#at
      const opcode = this.#view.getUint8(this.#take(1))
      if (opcode === op.stop) break
      this.#step(opcode)
    }
    const value = this.#popValue()
    if (this.#stack.length > 0 || this.#at < this.#bytes.length)
      throw this.#bad('a pickle that ends with its value')
    return value
  }

  #step(opcode: number): void {
    switch (opcode) {
      case op.protocol:
        return this.#checkProtocol(this.#u8())
      case op.frame:
        this.#take(8)
        return
      case op.mark:
        this.#marks.push(this.#stack.length)
        if (this.#marks.length > mostWaiting) throw this.#tooMany()
        return
      case op.memoize:
        this.#memo.push(this.#top())
        return
      case op.binGet:
        return this.#push(this.#remembered(this.#u8()))
      case op.longBinGet:
        return this.#push(this.#remembered(this.#u32()))
      case op.none:
        return this.#push(null)
      case op.newTrue:
        return this.#push(true)
      case op.newFalse:
        return this.#push(false)
      case op.binFloat:
        return this.#push(this.#view.getFloat64(this.#take(8)))
      case op.binInt:
        return this.#push(this.#view.getInt32(this.#take(4), true))
      case op.binInt1:
        return this.#push(this.#u8())
      case op.binInt2:
        return this.#push(this.#view.getUint16(this.#take(2), true))
      case op.long1:
        return this.#push(this.#integer(this.#u8()))
      case op.shortBinUnicode:
        return this.#push(this.#text(this.#u8()))
      case op.binUnicode:
        return this.#push(this.#text(this.#u32()))
      default:
        return this.#build(opcode)
    }
  }

  #build(opcode: number): void {
    switch (opcode) {
      case op.emptyTuple:
        return this.#push(new EmptyTuple())
      case op.emptyList:
        return this.#pushContainer([])
      case op.emptyDict:
        return this.#pushContainer(new Map())
      case op.append:
        return this.#append([this.#popValue()])
      case op.appends:
        return this.#append(this.#popMarked())
      case op.setItem: {
        const value = this.#popValue()
        return this.#setItems([this.#popValue(), value])
      }
      case op.setItems:
        return this.#setItems(this.#popMarked())
      case op.stackGlobal:
        return this.#pushClass()
      case op.newObject: {
        const [values, reference] = [this.#pop(), this.#pop()]
        if (!(values instanceof EmptyTuple && reference instanceof ClassReference))
          throw this.#bad('a class and no arguments')
        return this.#pushContainer(new PickleObject(reference.name))
      }
      case op.build: {
        const state = this.#pop()
        const object = this.#top()
        if (!(state instanceof Map && object instanceof PickleObject))
          throw this.#bad('an object and a dict of its attributes')
        // By reference: a copy for each of many objects could take any memory.
        object.attributes = state
        return
      }
      default: {
        const name = `0x${opcode.toString(16).padStart(2, '0')}`
        throw this.#unsupported(`a pickle of plain objects, found opcode ${name}`)
      }
    }
  }

  #checkProtocol(protocol: number): void {
    if (protocol !== 4 && protocol !== 5)
      throw this.#unsupported(`a pickle of protocol 4 or 5, found ${protocol}`)
  }

  #pushClass(): void {
    const [name, module] = [this.#pop(), this.#pop()]
    if (typeof name !== 'string' || typeof module !== 'string')
      throw this.#bad('names of a module and a class')
    if (module !== this.#classes.module || !this.#classes.names.includes(name)) {
      const found = JSON.stringify(`${module}.${name}`.slice(0, 80))
      throw this.#unsupported(`classes of ${this.#classes.module} only, found ${found}`)
    }
    this.#push(new ClassReference(name))
  }

  #append(values: PickleValue[]): void {
    const list = this.#top()
    if (!Array.isArray(list)) throw this.#bad('a list to append to')
    for (const value of values) list.push(value)
  }

  #setItems(items: PickleValue[]): void {
    const dict = this.#top()
    if (!(dict instanceof Map) || items.length % 2 === 1) throw this.#bad('a dict and pairs for it')
    for (let i = 0; i < items.length; i += 2) {
      const key = items[i]!
      if (typeof key !== 'string') throw this.#unsupported('a dict with texts as keys')
      dict.set(key, items[i + 1]!)
    }
  }

  #push(value: Slot): void {
    if (++this.#values > mostValues || this.#stack.length >= mostWaiting) throw this.#tooMany()
    this.#stack.push(value)
  }

  #pushContainer(value: PickleValue): void {
    if (++this.#containers > mostContainers) throw this.#tooMany()
    this.#push(value)
  }

  /** Not what was there before the last mark. */
  #top(): Slot {
    if (this.#stack.length <= (this.#marks.at(-1) ?? 0)) throw this.#bad('a value before this')
    return this.#stack[this.#stack.length - 1]!
  }

  #pop(): Slot {
    const top = this.#top()
    this.#stack.pop()
    return top
  }

  #popValue(): PickleValue {
    return this.#asValue(this.#pop())
  }

  #popMarked(): PickleValue[] {
    const from = this.#marks.pop()
    if (from === undefined) throw this.#bad('a mark before this')
    return this.#stack.splice(from).map(slot => this.#asValue(slot))
  }

  #asValue(slot: Slot): PickleValue {
    if (slot instanceof ClassReference || slot instanceof EmptyTuple) throw this.#bad('a value, not a class')
    return slot
  }

  #remembered(index: number): Slot {
    const slot = this.#memo[index]
    if (slot === undefined) throw this.#bad(`something remembered under ${index}`)
    return slot
  }

  /** Two's complement, the lowest byte first. */
  #integer(length: number): number | bigint {
    if (length > longestInteger) throw this.#unsupported('integers of at most 64 bits')
    const from = this.#take(length)
    let value = 0n
    for (let i = length - 1; i >= 0; i--) value = (value << 8n) | BigInt(this.#bytes[from + i]!)
    const signed = BigInt.asIntN(length * 8, value)
    return Number.isSafeInteger(Number(signed)) ? Number(signed) : signed
  }

  #text(length: number): string {
    const from = this.#take(length)
    return utf8.decode(this.#bytes.subarray(from, from + length))
  }

  #u8(): number {
    return this.#view.getUint8(this.#take(1))
  }

  #u32(): number {
    return this.#view.getUint32(this.#take(4), true)
  }

  #take(count: number): number {
    const from = this.#at
    const left = this.#bytes.length - from
    if (count > left) throw this.#bad(`a pickle that is complete: ${count} more bytes, found ${left}`)
    this.#at = from + count
    return from
  }

  #bad(expected: string): MicrologError {
    return new MicrologError('invalid-input', `Expected ${expected}`, { offset: this.#opcodeAt })
  }

  #unsupported(expected: string): MicrologError {
    return new MicrologError('unsupported', `Expected ${expected}`, { offset: this.#opcodeAt })
  }

  #tooMany(): MicrologError {
    return new MicrologError('too-large', `Expected a pickle of at most ${mostValues} values`, {
      offset: this.#opcodeAt
    })
  }
}
