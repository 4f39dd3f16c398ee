// Requests of the last minutes by a digest of what was sent: a sender that didn't hear our answer sends again, and
// the second time must be answered like the first without being kept twice.
import { createCipheriv, randomBytes } from 'node:crypto'

/** A digest is remembered for one to two of these. */
const generationMs = 150_000
/** Of one generation; a flood of requests shortens it. */
const generationSize = 50_000

export type RequestDigest = string

/**
 * Drawn anew in each process and told to nobody, as are digests: they are compared only. Without it no sender can make
 * a request that is taken for another one.
 */
const key = randomBytes(16)
const nonce = new Uint8Array(12)

/**
 * The tag of AES-GCM over the body (GMAC), which processors have instructions for: a tenth of what SHA-256 takes.
 * Requests of n bytes have the same one with a chance of n in 2^131. The nonce is always the same, which is only safe
 * because no tag is shown to anyone.
 */
export function digestOfRequest(path: string, body: Uint8Array): RequestDigest {
  const cipher = createCipheriv('aes-128-gcm', key, nonce)
  cipher.setAAD(body)
  cipher.final()
  return `${path} ${cipher.getAuthTag().toString('base64')}`
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
