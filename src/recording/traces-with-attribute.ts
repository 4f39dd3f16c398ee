import { MicrologError } from '../base/errors.ts'
import { attributeText } from './attributes.ts'
import { traceIdAt } from './ids.ts'
import type { Recording } from './schema.ts'

/** `key:value` as a query gives it. */
export interface AttributeFilter {
  key: string
  value: string
}

/** Keys may hold colons rarely, values often: the first one divides. */
export function parseAttributeFilter(text: string): AttributeFilter {
  const split = text.indexOf(':')
  if (split > 0) return { key: text.slice(0, split), value: text.slice(split + 1) }
  throw new MicrologError(
    'invalid-input',
    `Expected attr to be key:value, or key: for any value, found ${JSON.stringify(text.slice(0, 40))}`
  )
}

/** Ids of the traces with a span that has the attribute, on itself or on its resource; an empty value matches all. */
export function tracesWithAttribute(recording: Recording, { key, value }: AttributeFilter): Set<string> {
  const { spans, resources } = recording
  const verdicts = new Map<number, boolean>()
  const matches = (set: number): boolean => {
    let verdict = verdicts.get(set)
    if (verdict === undefined) {
      const found = attributeText(recording, set, key)
      verdict = found !== undefined && (value === '' || found === value)
      verdicts.set(set, verdict)
    }
    return verdict
  }
  const traces = new Set<string>()
  for (let row = 0; row < spans.length; row++) {
    const resource = spans.resource[row]!
    const found =
      matches(spans.attributes[row]!) || (resource >= 0 && matches(resources.attributes[resource]!))
    if (found) traces.add(traceIdAt(spans.traceId, row))
  }
  return traces
}
