import { isMethodOnly, requestPath } from '../base/http-operation.ts'
import { attributeText } from './attributes.ts'
import type { Recording } from './schema.ts'

/** Of OTLP's span kinds. */
const client = 3

/** The path of a span whose name is an HTTP method alone, see requestPath; '' for all others, and where it says none. */
export function httpPath(recording: Recording, span: number): string {
  const { spans, strings } = recording
  if (!isMethodOnly(strings[spans.name[span]!]!)) return ''
  return requestPath(spans.kind[span] === client, key =>
    attributeText(recording, spans.attributes[span]!, key)
  )
}
