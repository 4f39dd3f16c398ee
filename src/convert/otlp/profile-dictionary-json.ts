import type { Json, JsonObject } from '../../otlp/decode-message.ts'
import { packageKey } from '../../otlp/sink.ts'
import { compact, idJson } from './attributes-json.ts'
import type { RecordingJson } from './attributes-json.ts'

/** The tables that the profiles of one request share. Row 0 of each is empty, so that index 0 means none. */
export class ProfileDictionaryJson {
  readonly #json: RecordingJson
  readonly #strings = new Rows<string>('')
  readonly #attributes = new Rows<JsonObject>({})
  readonly #functions = new Rows<JsonObject>({})
  readonly #locations = new Rows<JsonObject>({})
  readonly #stacks = new Rows<JsonObject>({})
  readonly #links = new Rows<JsonObject>({})

  constructor(json: RecordingJson) {
    this.#json = json
  }

  string(text: string): number {
    return text === '' ? 0 : this.#strings.rowOf(text, () => text)
  }

  attribute(key: string, value: JsonObject): number {
    return this.#attributes.rowOf(`${key} ${JSON.stringify(value)}`, () =>
      compact({ keyStrindex: this.string(key), value })
    )
  }

  /** @param linesAreCalls the frames' lines aren't where their functions begin */
  stack(stack: number, linesAreCalls: boolean): number {
    if (stack < 0) return 0
    return this.#stacks.rowOf(`${stack} ${linesAreCalls}`, () => {
      const { stacks } = this.#json.recording
      const locationIndices: number[] = []
      for (let row = stack; row >= 0; row = stacks.parent[row]!)
        locationIndices.push(this.#location(stacks.frame[row]!, linesAreCalls))
      return { locationIndices }
    })
  }

  /** Row 0 of the recording's links is none as well. */
  link(link: number): number {
    if (link <= 0) return 0
    const { links } = this.#json.recording
    return this.#links.rowOf(String(link), () =>
      compact({ traceId: idJson(links.traceId, link, 16), spanId: idJson(links.spanId, link, 8) })
    )
  }

  finish(): JsonObject {
    return {
      mappingTable: [{}],
      locationTable: this.#locations.values,
      functionTable: this.#functions.values,
      linkTable: this.#links.values,
      stringTable: this.#strings.values,
      attributeTable: this.#attributes.values,
      stackTable: this.#stacks.values
    }
  }

  #location(frame: number, linesAreCalls: boolean): number {
    const { frames } = this.#json.recording
    return this.#locations.rowOf(`${frame} ${linesAreCalls}`, () => {
      const line = frames.line[frame]!
      const functionIndex = this.#function(frames.name[frame]!, frames.url[frame]!, linesAreCalls ? 0 : line)
      const attributeIndices = [this.attribute('profile.frame.type', { stringValue: 'v8js' })]
      const packageId = this.#json.text(frames.packageId[frame]!)
      if (packageId !== '') attributeIndices.push(this.attribute(packageKey, { stringValue: packageId }))
      const called = compact({ functionIndex, line: wide(line), column: wide(frames.column[frame]!) })
      return { lines: [called], attributeIndices }
    })
  }

  #function(name: number, url: number, startLine: number): number {
    return this.#functions.rowOf(`${name},${url},${startLine}`, () =>
      compact({
        nameStrindex: this.string(this.#json.text(name)),
        filenameStrindex: this.string(this.#json.text(url)),
        startLine: wide(startLine)
      })
    )
  }
}

/** 64-bit integers are strings in JSON. */
function wide(value: number): string | undefined {
  return value === 0 ? undefined : String(value)
}

class Rows<T extends Json> {
  readonly values: T[]
  readonly #rows = new Map<string, number>()

  constructor(zero: T) {
    this.values = [zero]
  }

  rowOf(key: string, create: () => T): number {
    let row = this.#rows.get(key)
    if (row === undefined) {
      const value = create()
      row = this.values.push(value) - 1
      this.#rows.set(key, row)
    }
    return row
  }
}
