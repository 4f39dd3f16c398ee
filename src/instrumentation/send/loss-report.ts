import type { WritableSum } from '../../otlp/write-metrics.ts'
import type { LogRecord } from '../record-sink.ts'
import type { ItemKind, ItemLedger } from './item-ledger.ts'

/** A storm of log calls or spans costs stacks every few seconds: of those only the sums tell. */
const inEntries: readonly ItemKind[] = ['logs', 'samples', 'spans', 'statuses']

export interface Report<Content> {
  content: Content
  /** To be called when it didn't arrive: then it is told again. */
  onDropped(): void
}

/** What was lost, as one entry of the log each time, and as sums that count from the start of the process. */
export class LossReport {
  readonly #ledger: ItemLedger
  readonly #startUnixNano = nowUnixNano()
  #reported = ''

  constructor(ledger: ItemLedger) {
    this.#ledger = ledger
  }

  /** Of what was lost since the last entry. */
  takeEntry(): Report<LogRecord> | undefined {
    const counts = this.#ledger.takeUntold(inEntries)
    const told = Object.entries(counts)
    if (told.length === 0) return undefined
    const timeUnixNano = nowUnixNano()
    const content = {
      timeUnixNano,
      severityNumber: 13,
      severityText: 'WARN',
      body: `microlog lost ${told.map(([kind, count]) => `${count} ${kind}`).join(', ')}: more than could be recorded or sent`,
      eventName: 'microlog.lost',
      uid: `lost-${timeUnixNano.toString(36)}`,
      threadId: 0,
      span: undefined,
      attributes: Object.fromEntries(told.map(([kind, count]) => [metricName(kind), count]))
    }
    return { content, onDropped: () => this.#ledger.untell(counts) }
  }

  /** Undefined where nothing was lost since they were last taken. */
  takeSums(): Report<WritableSum[]> | undefined {
    const { dropped } = this.#ledger
    const reported = JSON.stringify(dropped)
    if (reported === '{}' || reported === this.#reported) return undefined
    this.#reported = reported
    const content = Object.entries(dropped).map(([kind, value]) => ({
      name: metricName(kind),
      unit: units[kind as ItemKind],
      startUnixNano: this.#startUnixNano,
      timeUnixNano: nowUnixNano(),
      value
    }))
    return { content, onDropped: () => (this.#reported = '') }
  }
}

const units = {
  logs: '{log}',
  samples: '{sample}',
  spans: '{span}',
  stacks: '{stack}',
  statuses: '{status}'
} as const

function metricName(kind: string): string {
  return `microlog.dropped.${kind}`
}

function nowUnixNano(): bigint {
  return BigInt(Date.now()) * 1_000_000n
}
