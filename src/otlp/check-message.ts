// Checks messages that are kept as they came (nested values, histograms, foreign profiles), so that whoever reads
// them back meets only what is valid, and nothing deeper than the limit.
import { MicrologError } from '../base/errors.ts'
import type { MessageField, MessageType } from './otlp-messages.ts'
import { messageType, scalarWireType } from './otlp-messages.ts'
import type { ProtobufCursor } from './protobuf-cursor.ts'
import type { OtlpLimits } from './sink.ts'

const anyValue = messageType('AnyValue')

/** Messages that count as items, wherever they are. */
const counted = new Set(
  ['NumberPoint', 'HistogramPoint', 'ExponentialHistogramPoint', 'SummaryPoint', 'Exemplar', 'Sample'].map(
    messageType
  )
)

/**
 * Runs over the message from the cursor's position to its end.
 * @param countItem called for each point, exemplar and sample
 */
export function checkMessage(
  cursor: ProtobufCursor,
  type: MessageType,
  limits: OtlpLimits,
  countItem: () => void,
  depth = 0
): void {
  if (depth > limits.depth)
    throw new MicrologError('too-large', `Expected at most ${limits.depth} levels of values in each other`)
  for (let tag = cursor.tag(); tag !== 0; tag = cursor.tag()) {
    const field = type.byNumber.get(tag >>> 3)
    if (!field?.message || (tag & 7) !== 2) {
      if (field?.repeated && (tag & 7) === 2) checkPacked(cursor, field)
      else cursor.skip(tag)
      continue
    }
    if (counted.has(field.message)) countItem()
    const { end } = cursor
    cursor.end = cursor.enter()
    checkMessage(cursor, field.message, limits, countItem, field.message === anyValue ? depth + 1 : depth)
    cursor.end = end
  }
}

function checkPacked(cursor: ProtobufCursor, field: MessageField): void {
  const { end } = cursor
  cursor.end = cursor.enter()
  const wireType = scalarWireType(field)
  if (wireType === 2) cursor.position = cursor.end
  while (cursor.position < cursor.end) cursor.skip(wireType)
  cursor.end = end
}
