import { describe, expect, it } from 'vitest'
import { RecentRequests, digestOfRequest } from '../../../src/collector/ingest/recent-requests.ts'
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

describe('RecentRequests', () => {
  const generationMs = 150_000

  it('knows a request for at least one generation, and for less than two after it stopped', () => {
    const recent = new RecentRequests<string>()
    const answer = Promise.resolve('kept')
    recent.remember('first', answer, generationMs + 1)
    recent.remember('late', answer, 2 * generationMs + 1)
    recent.remember('next', answer, 2 * generationMs + 2)
    expect(['first', 'late', 'next'].map(digest => recent.find(digest))).toEqual([answer, answer, answer])
    recent.remember('last', answer, 3 * generationMs + 2)
    expect(recent.find('first')).toBe(answer)
    recent.remember('after', answer, 3 * generationMs + 3)
    expect(['first', 'late'].map(digest => recent.find(digest))).toEqual([undefined, undefined])
    expect(recent.find('last')).toBe(answer)
  })

  it('begins a generation early where a flood fills one', () => {
    const recent = new RecentRequests<string>()
    const answer = Promise.resolve('kept')
    for (let i = 0; i < 100_000; i++) recent.remember(`${i}`, answer, 0)
    expect(recent.find('0')).toBe(answer)
    recent.remember('one more', answer, 0)
    expect(recent.find('49999')).toBeUndefined()
    expect(recent.find('50000')).toBe(answer)
  })

  it('forgets a request that failed, also when its generation is over', async () => {
    const recent = new RecentRequests<string>()
    let fail = (_reason: Error): void => undefined
    const answer = new Promise<string>((_resolve, reject) => (fail = reject))
    recent.remember('failing', answer, generationMs + 1)
    recent.remember('next', Promise.resolve('kept'), 2 * generationMs + 2)
    fail(new Error('the disk is full'))
    await answer.catch(() => undefined)
    expect(recent.find('failing')).toBeUndefined()
  })
})
