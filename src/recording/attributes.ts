// Reads attribute sets: one value by its key, or all as text.
import { anyValueText } from './any-value-text.ts'
import { attributeType } from './schema.ts'
import type { Recording } from './schema.ts'

export interface Attribute {
  readonly key: string
  /** As people read it: text as it is, numbers in decimal, lists as JSON. */
  readonly text: string
}

export function readAttributes(recording: Recording, set: number): Attribute[] {
  const { sets, strings } = recording
  const attributes: Attribute[] = []
  for (let entry = sets.start[set] ?? 0; entry < (sets.start[set + 1] ?? 0); entry++) {
    attributes.push({ key: strings[sets.key[entry]!]!, text: entryText(recording, entry) })
  }
  return attributes
}

/** The value of a key as text; undefined where the set doesn't have it. */
export function attributeText(recording: Recording, set: number, key: string): string | undefined {
  const entry = findEntry(recording, set, key)
  return entry < 0 ? undefined : entryText(recording, entry)
}

/** The value of a key where it is a number; undefined where it isn't there or is something else. */
export function attributeNumber(recording: Recording, set: number, key: string): number | undefined {
  const entry = findEntry(recording, set, key)
  if (entry < 0) return undefined
  const type = recording.sets.type[entry]
  return type === attributeType.int || type === attributeType.double ? recording.sets.value[entry] : undefined
}

/** The text of a set of one attribute without a key, as log bodies are kept. */
export function bodyText(recording: Recording, set: number): string {
  const entry = recording.sets.start[set] ?? 0
  return entry < (recording.sets.start[set + 1] ?? 0) ? entryText(recording, entry) : ''
}

function findEntry(recording: Recording, set: number, key: string): number {
  const { sets, strings } = recording
  for (let entry = sets.start[set] ?? 0; entry < (sets.start[set + 1] ?? 0); entry++) {
    if (strings[sets.key[entry]!] === key) return entry
  }
  return -1
}

function entryText(recording: Recording, entry: number): string {
  const { sets, strings, blobs } = recording
  const value = sets.value[entry]!
  switch (sets.type[entry]) {
    case attributeType.string:
    case attributeType.bigint:
      return strings[value] ?? ''
    case attributeType.bool:
      return value === 1 ? 'true' : 'false'
    case attributeType.int:
    case attributeType.double:
      return String(value)
    case attributeType.bytes:
      return `<${blobs[value]?.length ?? 0} bytes>`
    case attributeType.nested:
      return anyValueText(blobs[value] ?? new Uint8Array())
    default:
      return ''
  }
}
