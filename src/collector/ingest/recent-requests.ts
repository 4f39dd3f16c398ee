// Requests of the last minutes by a digest of what was sent: a sender that didn't hear our answer sends again, and
// the second time must be answered like the first without being kept twice.
import { createHash } from 'node:crypto'

/** A digest is remembered for one to two of these. */
const generationMs = 150_000
/** Of one generation; a flood of requests shortens it. */
const generationSize = 50_000

export type RequestDigest = string

export function digestOfRequest(path: string, body: Uint8Array): RequestDigest {
  return createHash('sha256').update(path).update('\0').update(body).digest('base64')
}

export class RecentRequests<Answer> {
  #young = new Map<RequestDigest, Promise<Answer>>()
  #old = new Map<RequestDigest, Promise<Answer>>()
  #bornMs = 0

  /** What the same request was or will be answered. */
  find(digest: RequestDigest): Promise<Answer> | undefined {
    return this.#young.get(digest) ?? this.#old.get(digest)
  }

  /** A request that fails is forgotten, so that its retry is a first time. */
  remember(digest: RequestDigest, answer: Promise<Answer>, nowMs: number): void {
    if (this.#young.size >= generationSize || nowMs - this.#bornMs > generationMs) {
      this.#old = this.#young
      this.#young = new Map()
      this.#bornMs = nowMs
    }
    this.#young.set(digest, answer)
    answer.catch(() => {
      this.#young.delete(digest)
      this.#old.delete(digest)
    })
  }
}
