// How many log calls are recorded: so many within a second, so many within a span. What goes beyond is counted.
import type { Span } from '@opentelemetry/api'

/** Lets at most `limit` through within any second. */
export class SecondLimit {
  /** When each of the last `limit` was let through, round and round. */
  readonly #timesMs: Float64Array
  #at = 0

  constructor(limit: number) {
    this.#timesMs = new Float64Array(limit).fill(-Infinity)
  }

  hasRoom(nowMs: number): boolean {
    const sinceMs = nowMs - this.#timesMs[this.#at]!
    // Negative: somebody has set the clock back.
    return !(sinceMs < 1000 && sinceMs >= 0)
  }

  take(nowMs: number): boolean {
    if (!this.hasRoom(nowMs)) return false
    this.#timesMs[this.#at] = nowMs
    if (++this.#at === this.#timesMs.length) this.#at = 0
    return true
  }
}

interface Room {
  events: number
  bytes: number
  lost: number
}

const mostBytes = 64 * 1024

/** An SDK keeps 128 events per span and loses the oldest: ours never crowd out the program's. */
export class SpanLimit {
  readonly #rooms = new WeakMap<Span, Room>()
  readonly #mostEvents: number

  constructor(mostEvents: number) {
    this.#mostEvents = mostEvents
  }

  /** 0 where there is room for one more event in the span; else how many had none by now. */
  take(span: Span, bytes: number): number {
    let room = this.#rooms.get(span)
    if (room === undefined) this.#rooms.set(span, (room = { events: 0, bytes: 0, lost: 0 }))
    if (room.events >= this.#mostEvents || room.bytes + bytes > mostBytes) return ++room.lost
    room.events++
    room.bytes += bytes
    return 0
  }
}
