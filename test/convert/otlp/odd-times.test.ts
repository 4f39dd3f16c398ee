import { expect, test } from 'vitest'
import { writeOtlpJson } from '../../../src/convert/otlp/write-otlp-json.ts'
import { RecordingBuilder } from '../../../src/recording/recording-builder.ts'
import { pushSpan } from '../../helpers/push-rows.ts'

test('times that no clock tells, of a file that somebody made, are rounded or left out', () => {
  const builder = new RecordingBuilder(1_700_000_000_000_000_000n)
  pushSpan(builder, 'a', 0, 0, '', { start: 1.5, end: Infinity })
  const [line] = writeOtlpJson(builder.finish())
  const request = JSON.parse(line!) as { resourceSpans: { scopeSpans: { spans: object[] }[] }[] }
  const [span] = request.resourceSpans[0]!.scopeSpans[0]!.spans
  expect(span).toMatchObject({ startTimeUnixNano: '1700000000000000002' })
  expect(span).not.toHaveProperty('endTimeUnixNano')
})
