import type { ProtobufWriter } from './protobuf-writer.ts'
import { packageKey } from './sink.ts'

export interface WritableLocation {
  functionName: string
  url: string
  startLine: number
  line: number
  column: number
  /** '' unknown. */
  packageId: string
}

/** Tables shared by all profiles of a request. Row 0 of each is the zero value, so that index 0 means none. */
export class ProfileDictionary {
  readonly #strings = new Interned<string>(['', ''])
  readonly #attributes = new Interned<{ key: number; value: string | number }>(['', { key: 0, value: '' }])
  readonly #functions = new Interned<{ name: number; file: number; startLine: number }>([
    '',
    { name: 0, file: 0, startLine: 0 }
  ])
  readonly #locations = new Interned<{ function: number; line: number; column: number; package: number }>([
    '',
    { function: 0, line: 0, column: 0, package: 0 }
  ])
  readonly #stacks = new Interned<number[]>(['', []])
  readonly #links = new Interned<{ traceId: string; spanId: string }>(['', { traceId: '', spanId: '' }])
  readonly #frameType = this.attribute('profile.frame.type', 'v8js')

  string(text: string): number {
    return this.#strings.rowOf(text, text)
  }

  attribute(key: string, value: string | number): number {
    return this.#attributes.rowOf(`${key}=${JSON.stringify(value)}`, {
      key: this.string(key),
      value
    })
  }

  location({ functionName, url, startLine, line, column, packageId }: WritableLocation): number {
    const name = this.string(functionName)
    const file = this.string(url)
    const row = this.#functions.rowOf(`${name},${file},${startLine}`, { name, file, startLine })
    const found = {
      function: row,
      line,
      column,
      package: packageId ? this.attribute(packageKey, packageId) : 0
    }
    return this.#locations.rowOf(`${row},${line},${column},${found.package}`, found)
  }

  /** Leaf first. */
  stack(locations: number[]): number {
    return this.#stacks.rowOf(locations.join(), locations)
  }

  link(traceId: string, spanId: string): number {
    return this.#links.rowOf(traceId + spanId, { traceId, spanId })
  }

  write(out: ProtobufWriter, field: number): void {
    out.message(field, () => {
      out.message(1, () => {}) // mapping_table[0]: there are no mappings
      this.#locations.each((location, row) => {
        out.message(2, () => {
          if (row === 0) return
          out.message(3, () => {
            out.varint(1, location.function)
            out.varint(2, location.line)
            out.varint(3, location.column)
          })
          out.packedVarints(
            4,
            location.package === 0 ? [this.#frameType] : [this.#frameType, location.package]
          )
        })
      })
      this.#functions.each(called => {
        out.message(3, () => {
          out.varint(1, called.name)
          out.varint(3, called.file)
          out.varint(4, called.startLine)
        })
      })
      this.#links.each(link => {
        out.message(4, () => {
          out.hex(1, link.traceId)
          out.hex(2, link.spanId)
        })
      })
      // An empty string and an empty message look the same; `string` would leave it out.
      this.#strings.each(text => (text === '' ? out.message(5, () => {}) : out.string(5, text)))
      this.#attributes.each((attribute, row) => {
        out.message(6, () => {
          if (row === 0) return
          out.varint(1, attribute.key)
          out.anyValue(2, attribute.value)
        })
      })
      this.#stacks.each(locations => {
        out.message(7, () => out.packedVarints(1, locations))
      })
    })
  }
}

class Interned<T> {
  readonly #rows = new Map<string, number>()
  readonly #values: T[] = []

  constructor([zeroKey, zero]: [string, T]) {
    this.rowOf(zeroKey, zero)
  }

  rowOf(key: string, value: T): number {
    const known = this.#rows.get(key)
    if (known !== undefined) return known
    const row = this.#values.push(value) - 1
    this.#rows.set(key, row)
    return row
  }

  each(visit: (value: T, row: number) => void): void {
    this.#values.forEach(visit)
  }
}
