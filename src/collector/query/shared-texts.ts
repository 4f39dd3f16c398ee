import { inSteps } from './in-steps.ts'

/** Remembered to find their like; most names and services are few. */
const mostKnown = 1_000

/** The texts of many rows as numbers: those that are common once, of the others each for itself. */
export class SharedTexts {
  readonly texts: string[] = []
  readonly #rows = new Map<string, number>()
  #last = -1

  /** The number of a text: its row in `texts`. */
  rowOf(text: string): number {
    // Mostly they follow their like.
    if (this.#last >= 0 && this.texts[this.#last] === text) return this.#last
    let row = this.#rows.get(text)
    if (row === undefined) {
      row = this.texts.push(text) - 1
      if (this.#rows.size < mostKnown) this.#rows.set(text, row)
    }
    return (this.#last = row)
  }

  /** 1 for each text that fits. */
  async those(fits: (text: string) => boolean): Promise<Uint8Array> {
    const fitting = new Uint8Array(this.texts.length)
    await inSteps(fitting.length, row => {
      if (fits(this.texts[row]!)) fitting[row] = 1
    })
    return fitting
  }
}
