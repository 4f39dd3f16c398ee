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
  /** By set: 0 not known yet, 1 no, 2 yes. */
  const verdicts = new Uint8Array(recording.sets.length)
  const matches = (set: number): boolean => {
    if (verdicts[set] === 0) {
      const found = attributeText(recording, set, key)
      verdicts[set] = found !== undefined && (value === '' || found === value) ? 2 : 1
    }
    return verdicts[set] === 2
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
