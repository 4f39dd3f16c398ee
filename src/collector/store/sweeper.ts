import { messageOf } from '../../base/errors.ts'
import { runEvery } from '../jobs/run-every.ts'
import type { Repeated } from '../jobs/run-every.ts'

const everyMs = 6 * 3_600_000

export interface SweepStatistics {
  /** Objects that it deleted since nothing named them. */
  deleted: number
  /** When all had last been looked at, Unix ms. */
  sweptMs: number | undefined
}

/** Deletes now and then what nothing in a store names. */
export class Sweeper {
  /** Why it couldn't. */
  problem: string | undefined
  readonly statistics: SweepStatistics = { deleted: 0, sweptMs: undefined }
  readonly #sweep: () => Promise<number>
  #repeated: Repeated | undefined

  /** @param sweep tells how many objects it deleted */
  constructor(sweep: () => Promise<number>) {
    this.#sweep = sweep
  }

  start(): void {
    this.#repeated = runEvery(everyMs, () => this.run())
  }

  async stop(): Promise<void> {
    await this.#repeated?.stop()
  }

  /** Never throws. */
  async run(): Promise<void> {
    try {
      this.statistics.deleted += await this.#sweep()
      this.statistics.sweptMs = Date.now()
      this.problem = undefined
    } catch (thrown) {
      this.problem = `Objects that nothing names can't be deleted: ${messageOf(thrown)}`
    }
  }
}
