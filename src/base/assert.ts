/** Stops on a broken contract between our own parts. Never for input from outside: that gets a MicrologError. */
export function assert(condition: unknown, message: string): asserts condition {
  if (!condition) throw new Error(`Broken invariant: ${message}`)
}
