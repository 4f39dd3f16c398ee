import { MicrologError } from '../../base/errors.ts'
import { BodyRooms } from './body-rooms.ts'

/** Bytes of requests that are being worked on, all together; a request that doesn't fit is told to come back. */
export class ByteBudget {
  readonly #limit: number
  readonly #rooms = new BodyRooms()
  #taken = 0

  constructor(limit: number) {
    this.#limit = limit
  }

  /** A share that grows as its request's bytes come. Release it when the request is answered. */
  open(): ByteShare {
    let held = 0
    let lent: Uint8Array[] = []
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
      room: length => {
        const room = this.#rooms.take(length)
        lent.push(room)
        return room.subarray(0, length)
      },
      release: () => {
        this.#taken -= held
        held = 0
        for (const room of lent) this.#rooms.give(room)
        lent = []
      }
    }
  }
}

export interface ByteShare {
  /** @throws MicrologError `unavailable` when the budget is used up */
  take(bytes: number): void
  /** Memory for bytes that were taken, with anything in it. */
  room(length: number): Uint8Array
  /** The rooms are given to others: nothing of them may be read any more. */
  release(): void
}
