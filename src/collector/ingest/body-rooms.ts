// Memory for the bodies of requests, used again and again: memory taken anew for each has V8 mark the whole heap several
// times a second, only to find that the bodies before are garbage.

/** What a chunk of a stream holds; a body of one chunk needs no room. */
const smallest = 64 * 1024
/** Larger bodies are rare. */
const largest = 1024 * 1024
const mostKept = 16

export class BodyRooms {
  readonly #free: Uint8Array[] = []

  /** At least so many bytes, with anything in them. */
  take(length: number): Uint8Array {
    const fitting = this.#free.findIndex(room => room.length >= length)
    if (fitting >= 0) return this.#free.splice(fitting, 1)[0]!
    if (length > largest) return new Uint8Array(length)
    // Those that are kept are too small for what comes.
    this.#free.shift()
    let size = smallest
    while (size < length) size *= 2
    return new Uint8Array(size)
  }

  /** @param room that nobody reads any more */
  give(room: Uint8Array): void {
    if (room.length <= largest && this.#free.length < mostKept) this.#free.push(room)
  }
}
