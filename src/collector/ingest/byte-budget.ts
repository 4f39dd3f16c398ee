import { MicrologError } from '../../base/errors.ts'

/** Bytes of requests that are being worked on, all together; a request that doesn't fit is told to come back. */
export class ByteBudget {
  readonly #limit: number
  #taken = 0

  constructor(limit: number) {
    this.#limit = limit
  }

  /** A share that grows as its request's bytes come. Release it when the request is answered. */
  open(): ByteShare {
    let held = 0
    return {
      take: bytes => {
        if (this.#taken + bytes > this.#limit) {
          throw new MicrologError(
            'unavailable',
            'The collector is busy with other requests: send this one again later'
          )
        }
        this.#taken += bytes
        held += bytes
      },
      release: () => {
        this.#taken -= held
        held = 0
      }
    }
  }
}

export interface ByteShare {
  /** @throws MicrologError `unavailable` when the budget is used up */
  take(bytes: number): void
  release(): void
}
