/** What went wrong, in a word that code can act on; `collector/http/error-status.ts` turns it into a status, the CLI into an exit code. */
export type ErrorCode =
  | 'invalid-input' // the caller sent something that isn't what the contract asks for
  | 'unsupported' // well-formed, but a kind or version this build doesn't read
  | 'too-large' // a limit on bytes, items or depth
  | 'not-found'
  | 'corrupt' // bytes that should be ours don't read as such
  | 'unavailable' // try again later: disk full, queue full, shutting down
  | 'conflict' // it exists already, or somebody else holds it

/** An expected failure. The message says what was expected and, where it helps, what to do next. */
export class MicrologError extends Error {
  readonly code: ErrorCode
  /** Where in the bytes, for `corrupt`. */
  readonly offset: number | undefined

  constructor(code: ErrorCode, message: string, options: { cause?: unknown; offset?: number } = {}) {
    super(
      options.offset === undefined ? message : `${message} (at byte ${options.offset})`,
      options.cause === undefined ? undefined : { cause: options.cause }
    )
    this.name = 'MicrologError'
    this.code = code
    this.offset = options.offset
  }
}

/** Stops on a broken contract between our own parts. Never for input from outside: that gets a MicrologError. */
export function assert(condition: unknown, message: string): asserts condition {
  if (!condition) throw new Error(`Broken invariant: ${message}`)
}

/** The message of whatever was thrown. */
export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown)
}

/** The code of a system's error, ENOENT say; '' for anything else. */
export function systemCode(thrown: unknown): string {
  const code = thrown instanceof Error ? (thrown as Error & { code?: unknown }).code : undefined
  return typeof code === 'string' ? code : ''
}
