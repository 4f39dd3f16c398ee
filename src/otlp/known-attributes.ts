import type { OtlpSink, ValueType } from './sink.ts'

/** A KeyValue of the request as it was read last under its key, and where its bytes are. */
export interface KnownAttribute {
  from: number
  /** Of all of it; -1 in one that stands for none. */
  length: number
  /** Of the key field, which it begins with. */
  keyBytes: number
  key: number
  type: ValueType
  value: number
  /** What followed it last time. */
  next: KnownAttribute
}

/** Of the keys; two that share a place only cost time. */
const places = 256

/**
 * Spans are alike: the attribute after this one mostly has the key that came after it last time, and often the same
 * value. Equal bytes need neither be read nor looked up again.
 */
export class KnownAttributes {
  /** Whose rows are known. */
  #sink: OtlpSink | undefined
  #byKey: (KnownAttribute | undefined)[] = []
  #last = createNone()

  /** What the next attribute is likely to be. */
  guess(sink: OtlpSink): KnownAttribute {
    if (sink !== this.#sink) {
      this.#sink = sink
      this.#byKey = []
      this.#last = createNone()
    }
    return this.#last.next
  }

  /** The guess was right. */
  follow(attribute: KnownAttribute): void {
    this.#last = attribute
  }

  /** It was another, which has been read. */
  remember(
    from: number,
    length: number,
    keyBytes: number,
    key: number,
    type: ValueType,
    value: number
  ): void {
    const place = key % places
    const known = (this.#byKey[place] ??= createNone())
    known.from = from
    known.length = length
    known.keyBytes = keyBytes
    known.key = key
    known.type = type
    known.value = value
    this.#last = this.#last.next = known
  }
}

function createNone(): KnownAttribute {
  const none = { from: 0, length: -1, keyBytes: 0, key: 0, type: 0, value: 0 } as KnownAttribute
  none.next = none
  return none
}
