/** What one client, and all of them together, may take of a port. Times in ms. */
export interface HttpLimits {
  /** Until a request's headers are there. */
  headersMs: number
  /** Until the whole request is there. */
  requestMs: number
  /** A connection without a request. */
  idleMs: number
  /** How often connections are looked through for these. */
  checkMs: number
  connections: number
  connectionsPerAddress: number
  /** Of all requests at once, received and inflated. */
  inFlightBytes: number
  /** Of the heap that Node allows itself: beyond it senders are told to come back later. */
  heapShare: number
}

export const usualHttpLimits: HttpLimits = {
  headersMs: 5_000,
  requestMs: 30_000,
  idleMs: 10_000,
  checkMs: 1_000,
  connections: 10_000,
  connectionsPerAddress: 1_000,
  inFlightBytes: 64 * 1024 * 1024,
  heapShare: 0.8
}
