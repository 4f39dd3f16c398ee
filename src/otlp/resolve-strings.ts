import { decodeMessage } from './decode-message.ts'
import type { Json, JsonObject } from './decode-message.ts'
import { encodeJson } from './encode-otlp-json.ts'
import { messageType } from './otlp-messages.ts'

const anyValue = messageType('AnyValue')
const utf8 = new TextEncoder()

/**
 * A nested AnyValue (checked) without indices into the profile dictionary, which it will not have with it any more:
 * the strings are in their place. Undefined where they are longer than the limit together.
 */
export function resolveStrings(
  bytes: Uint8Array,
  stringAt: (index: number) => string,
  longest: number
): Uint8Array | undefined {
  let left = longest
  let hasIndices = false
  const take = (index: Json) => {
    const text = stringAt(Number(index))
    hasIndices = true
    left -= text.length
    return left < 0 ? '' : text
  }
  const resolve = (value: Json): Json => {
    if (Array.isArray(value)) return value.map(resolve)
    if (typeof value !== 'object' || value === null) return value
    const resolved: JsonObject = {}
    for (const name of Object.keys(value)) {
      if (name === 'keyStrindex') resolved.key = take(value[name]!)
      else if (name === 'stringValueStrindex') resolved.stringValue = take(value[name]!)
      else resolved[name] = resolve(value[name]!)
    }
    return resolved
  }
  const resolved = resolve(decodeMessage(anyValue, bytes))
  if (!hasIndices) return bytes
  return left < 0 ? undefined : encodeJson(anyValue, utf8.encode(JSON.stringify(resolved)), Infinity)
}
