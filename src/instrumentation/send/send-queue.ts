// What waits to be sent, bounded in bytes. The oldest goes first when it is full: the newest tells most about now.
import type { ItemCounts, ItemLedger } from './item-ledger.ts'

export type SignalName = 'logs' | 'metrics' | 'profiles' | 'traces'

export interface Batch {
  readonly signal: SignalName
  /** Gzipped request. */
  readonly body: Uint8Array<ArrayBuffer>
  /** What of the ledger's is in it. */
  readonly items: ItemCounts
  /** Called when nobody will get it. */
  onDropped?(): void
}

export class SendQueue {
  readonly #batches: Batch[] = []
  readonly #limitBytes: number
  readonly #ledger: ItemLedger
  #bytes = 0

  constructor(limitBytes: number, ledger: ItemLedger) {
    this.#limitBytes = limitBytes
    this.#ledger = ledger
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

  /** A batch that was taken has arrived. */
  sent(batch: Batch): void {
    this.#ledger.sent(batch.items)
  }

  drop(batch: Batch): void {
    this.#ledger.drop(batch.items)
    batch.onDropped?.()
  }

  /** Nobody has asked for this signal. */
  leaveOut(batch: Batch): void {
    this.#ledger.leaveOut(batch.items)
    batch.onDropped?.()
  }
}
