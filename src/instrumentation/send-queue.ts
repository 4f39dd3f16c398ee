// What waits to be sent, bounded in bytes. The oldest goes first when it is full: the newest tells most about now.

export type SignalName = 'logs' | 'metrics' | 'profiles' | 'traces'

export interface Batch {
  readonly signal: SignalName
  /** Gzipped request. */
  readonly body: Uint8Array<ArrayBuffer>
  /** Log records, data points, samples or spans in it. */
  readonly items: number
}

export class SendQueue {
  readonly #batches: Batch[] = []
  readonly #dropped = new Map<SignalName, number>()
  readonly #limitBytes: number
  #bytes = 0

  constructor(limitBytes: number) {
    this.#limitBytes = limitBytes
  }

  get bytes(): number {
    return this.#bytes
  }

  get length(): number {
    return this.#batches.length
  }

  push(batch: Batch): void {
    this.#batches.push(batch)
    this.#bytes += batch.body.length
    while (this.#bytes > this.#limitBytes) this.drop(this.shift()!)
  }

  shift(): Batch | undefined {
    const batch = this.#batches.shift()
    if (batch !== undefined) this.#bytes -= batch.body.length
    return batch
  }

  /** Puts back what was taken but could not be sent; it is the oldest. */
  unshift(batch: Batch): void {
    if (this.#bytes + batch.body.length > this.#limitBytes) return this.drop(batch)
    this.#batches.unshift(batch)
    this.#bytes += batch.body.length
  }

  drop(batch: Batch): void {
    this.count(batch.signal, batch.items)
  }

  count(signal: SignalName, items: number): void {
    if (items > 0) this.#dropped.set(signal, (this.#dropped.get(signal) ?? 0) + items)
  }

  /** Items lost since the last time this was asked. */
  takeDropped(): Map<SignalName, number> {
    const dropped = new Map(this.#dropped)
    this.#dropped.clear()
    return dropped
  }
}
