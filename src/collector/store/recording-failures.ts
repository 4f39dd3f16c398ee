import { messageOf } from '../../base/errors.ts'

/** So many are named, the rest is counted. */
const namedFailures = 5

/** Recordings that a run over all of them had to leave as they are, and why. */
export class RecordingFailures {
  readonly #reasons = new Map<string, string>()

  note(recording: string, thrown: unknown): void {
    if (!this.#reasons.has(recording)) this.#reasons.set(recording, messageOf(thrown))
  }

  /** For /healthz; undefined where there were none. @param what goes wrong, as the beginning of a sentence */
  tell(what: string): string | undefined {
    if (this.#reasons.size === 0) return undefined
    const named = [...this.#reasons]
      .slice(0, namedFailures)
      .map(([recording, why]) => `${recording} (${why})`)
    const more = this.#reasons.size - named.length
    return `${what}: ${named.join(', ')}${more > 0 ? ` and ${more} more` : ''}`
  }
}
