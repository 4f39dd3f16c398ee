import { MicrologError } from '../../base/errors.ts'
import { base64, decodeMessage, doubleJson, hex } from '../../otlp/decode-message.ts'
import type { Json, JsonObject } from '../../otlp/decode-message.ts'
import { messageType } from '../../otlp/otlp-messages.ts'
import { entityRefsKey } from '../../otlp/sink.ts'
import { attributeType } from '../../recording/schema.ts'
import type { Recording } from '../../recording/schema.ts'

const anyValue = messageType('AnyValue')
const resourceType = messageType('Resource')

/** The parts that all signals of a recording have in common, as OTLP/JSON; fields with defaults are left out. */
export class RecordingJson {
  readonly recording: Recording
  readonly #sets = new Map<number, Json[]>()

  constructor(recording: Recording) {
    this.recording = recording
  }

  text(row: number): string {
    return this.recording.strings[row] ?? ''
  }

  /** Unix time in ns; undefined where the column says it isn't set. */
  time(nanos: number): string | undefined {
    return Number.isFinite(nanos) ? String(this.recording.epoch + BigInt(Math.round(nanos))) : undefined
  }

  /** KeyValues; the same object for the same set. */
  attributes(set: number): Json[] | undefined {
    if (set <= 0) return undefined
    let list = this.#sets.get(set)
    if (!list) {
      const { start, key } = this.recording.sets
      list = []
      for (let entry = start[set]!; entry < start[set + 1]!; entry++)
        list.push({ key: this.text(key[entry]!), value: this.value(entry) })
      this.#sets.set(set, list)
    }
    return list
  }

  /** The AnyValue of an entry of the sets. */
  value(entry: number): JsonObject {
    const { sets, blobs } = this.recording
    const cell = sets.value[entry]!
    switch (sets.type[entry]) {
      case attributeType.string:
        return { stringValue: this.text(cell) }
      case attributeType.bool:
        return { boolValue: cell !== 0 }
      case attributeType.int:
        return { intValue: String(cell) }
      case attributeType.double:
        return { doubleValue: doubleJson(cell) }
      case attributeType.bigint:
        return { intValue: this.text(cell) }
      case attributeType.bytes:
        return { bytesValue: base64(blobs[cell]!) }
      case attributeType.nested:
        return decodeMessage(anyValue, blobs[cell]!)
      default:
        return {}
    }
  }

  /** The ResourceX around scopes, and the ScopeX around items; -1 where there is none. */
  resource(row: number): JsonObject {
    const { resources } = this.recording
    if (row < 0) return {}
    const resource = compact({ droppedAttributesCount: resources.droppedAttributes[row]! })
    const set = resources.attributes[row]!
    const attributes = (this.attributes(set) ?? []).filter((_, at) => {
      const refs = this.#entityRefs(this.recording.sets.start[set]! + at)
      if (refs) resource.entityRefs = refs
      return !refs
    })
    if (attributes.length > 0) resource.attributes = attributes
    return compact({ resource, schemaUrl: this.text(resources.schemaUrl[row]!) })
  }

  scope(row: number): JsonObject {
    const { scopes } = this.recording
    if (row < 0) return {}
    const scope = compact({
      name: this.text(scopes.name[row]!),
      version: this.text(scopes.version[row]!),
      attributes: this.attributes(scopes.attributes[row]!),
      droppedAttributesCount: scopes.droppedAttributes[row]!
    })
    return compact({ scope, schemaUrl: this.text(scopes.schemaUrl[row]!) })
  }

  /** Somebody else's attribute of that name needn't be what we keep there. */
  #entityRefs(entry: number): Json | undefined {
    const { sets, blobs } = this.recording
    if (sets.type[entry] !== attributeType.bytes || this.text(sets.key[entry]!) !== entityRefsKey)
      return undefined
    try {
      return decodeMessage(resourceType, blobs[sets.value[entry]!]!).entityRefs
    } catch (error) {
      if (error instanceof MicrologError) return undefined
      throw error
    }
  }
}

/** Hex of a row of an id column; undefined for the zero id. */
export function idJson(column: Uint8Array, row: number, width: number): string | undefined {
  const id = column.subarray(row * width, (row + 1) * width)
  return id.every(byte => byte === 0) ? undefined : hex(id)
}

/** Without fields that are not set or have proto3's default. */
export function compact(object: Record<string, Json | undefined>): JsonObject {
  const kept: JsonObject = {}
  for (const name of Object.keys(object)) {
    const value = object[name]
    if (value !== undefined && value !== 0 && value !== '' && value !== false) kept[name] = value
  }
  return kept
}
