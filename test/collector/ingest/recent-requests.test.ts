import { describe, expect, it } from 'vitest'
import { digestOfRequest } from '../../../src/collector/ingest/recent-requests.ts'
import { randomBytes } from 'node:crypto'

describe('digestOfRequest', () => {
  const body = randomBytes(100_003)

  it('is the same for the same path and bytes', () => {
    expect(digestOfRequest('traces protobuf identity', Buffer.from(body))).toBe(
      digestOfRequest('traces protobuf identity', body)
    )
  })

  it('tells one flipped bit anywhere, a zero more, and another path', () => {
    const digests = new Set([digestOfRequest('traces', body), digestOfRequest('logs', body)])
    const ends = [0, 1, 15, 16, 50_000, 99_999, body.length - 1]
    for (const at of ends) {
      const changed = Buffer.from(body)
      changed[at]! ^= 1
      digests.add(digestOfRequest('traces', changed))
    }
    for (let zeros = 1; zeros <= 17; zeros++)
      digests.add(digestOfRequest('traces', Buffer.concat([body, Buffer.alloc(zeros)])))
    for (let zeros = 0; zeros <= 17; zeros++) digests.add(digestOfRequest('traces', Buffer.alloc(zeros)))
    expect(digests.size).toBe(2 + ends.length + 17 + 18)
  })
})
